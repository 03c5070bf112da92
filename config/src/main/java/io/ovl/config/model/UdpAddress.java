package io.ovl.config.model;

/**
 * Where on the underlay a peer or a VTEP is reached: address, port, and for link-local IPv6 the index of the interface.
 *
 * <p>Thread: any; immutable.
 */
public record UdpAddress(IpAddress ip, int port, int scopeId) {
    /** {@code 192.0.2.1:51820} or {@code [2001:db8::1]:51820}, as {@code wg} writes it. */
    @Override
    public String toString() {
        if (!ip.isIpv6()) {
            return ip + ":" + port;
        }
        return "[" + ip + (scopeId == 0 ? "" : "%" + scopeId) + "]:" + port;
    }
}
