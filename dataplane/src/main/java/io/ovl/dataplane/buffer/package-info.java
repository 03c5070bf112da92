/**
 * Off-heap memory of packets: pools, slots, gather lists.
 *
 * <p>Allowed imports: Agrona. Imports nothing else of ovl.
 */
@NullMarked
package io.ovl.dataplane.buffer;

import org.jspecify.annotations.NullMarked;
