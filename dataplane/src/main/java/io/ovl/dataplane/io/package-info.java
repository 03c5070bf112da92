/**
 * The edges of the dataplane: devices, sockets, clocks and stores as interfaces, and their Linux implementations.
 *
 * <p>Allowed imports: {@code buffer}, {@code stats}, {@code java.lang.foreign}, Netty's epoll. Only {@code daemon}
 * constructs the Linux implementations.
 */
@NullMarked
package io.ovl.dataplane.io;

import org.jspecify.annotations.NullMarked;
