/**
 * Ethernet: frames, the forwarding database, flood lists, neighbour suppression.
 *
 * <p>Allowed imports: {@code io}'s interfaces, {@code ip}, {@code buffer}, {@code stats}.
 */
@NullMarked
package io.ovl.dataplane.l2;

import org.jspecify.annotations.NullMarked;
