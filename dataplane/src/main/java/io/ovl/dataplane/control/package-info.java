/**
 * The conductor: handshakes, timers, configuration, and the control servers.
 *
 * <p>Allowed imports: {@code path}, {@code peer}, {@code vxlan}, {@code l2} and what those may import, Netty.
 */
@NullMarked
package io.ovl.dataplane.control;

import org.jspecify.annotations.NullMarked;
