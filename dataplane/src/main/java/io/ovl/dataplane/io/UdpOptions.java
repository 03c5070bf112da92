package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

/**
 * How to open the UDP sockets of a daemon.
 *
 * <p>Thread: any; immutable.
 *
 * @param local the address to bind and send from; null for every address
 * @param port 0 to let the kernel choose one
 * @param workers how many sockets share the port
 * @param fwmark mark on every packet sent, for policy routing; 0 for none
 * @param allowsFragments whether the underlay may fragment a datagram that is too long for it: as the kernel's
 *     WireGuard does, no DF bit is set, so that a path which swallows ICMP errors stays a path. Without, too long a
 *     datagram is EMSGSIZE, as RFC 7348 §4.3 wants for VXLAN.
 */
public record UdpOptions(
        @Nullable IpAddress local, int port, int workers, int fwmark, boolean allowsFragments) {
    /** One socket, no mark, fragments allowed. */
    public static UdpOptions port(int port) {
        return new UdpOptions(null, port, 1, 0, true);
    }
}
