package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Where on the underlay a peer or a VTEP is reached: address, port, and for link-local IPv6 the index of the interface.
 *
 * <p>Thread: any; immutable.
 */
public record UdpAddress(IpAddress ip, int port, int scopeId) {
    /** No address: {@code 0.0.0.0:0}. */
    public static final UdpAddress NONE = new UdpAddress(new IpAddress(false, 0, 0), 0, 0);

    /**
     * Parses {@code 192.0.2.1:51820}, {@code [2001:db8::1]:51820} or {@code [fe80::1%eth0]:51820}, the scope being the
     * name or the index of an interface; null when the text is none of them or no interface has that name.
     */
    public static @Nullable UdpAddress parse(String text) {
        HostPort hostPort = HostPort.parse(text);
        if (hostPort == null) {
            return null;
        }
        String host = hostPort.host();
        int percent = host.indexOf('%');
        IpAddress ip = IpAddress.parse(percent < 0 ? host : host.substring(0, percent));
        if (ip == null) {
            return null;
        }
        if (percent < 0) {
            return new UdpAddress(ip, hostPort.port(), 0);
        }
        int scopeId = ip.isIpv6() ? scopeId(host.substring(percent + 1)) : 0;
        return scopeId == 0 ? null : new UdpAddress(ip, hostPort.port(), scopeId);
    }

    private static int scopeId(String scope) {
        int index = Decimal.parse(scope, Integer.MAX_VALUE);
        if (index >= 0) {
            return index;
        }
        if (!InterfaceName.isValid(scope)) {
            return 0;
        }
        try {
            NetworkInterface networkInterface = NetworkInterface.getByName(scope);
            return networkInterface == null ? 0 : networkInterface.getIndex();
        } catch (SocketException e) {
            return 0;
        }
    }

    /** {@code 192.0.2.1:51820} or {@code [2001:db8::1]:51820}, as {@code wg} writes it. */
    @Override
    public String toString() {
        if (!ip.isIpv6()) {
            return ip + ":" + port;
        }
        return "[" + ip + (scopeId == 0 ? "" : "%" + scopeId) + "]:" + port;
    }
}
