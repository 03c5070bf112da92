package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

/**
 * Where a peer was last heard from, and the local address it talked to, which answers leave from (WireGuard whitepaper
 * §2.1).
 *
 * <p>Thread: any; immutable.
 *
 * @param source the local address to send from, null to let the kernel choose
 * @param sourceInterface index of the interface that address was reached through, 0 for any
 */
public record Endpoint(UdpAddress address, @Nullable IpAddress source, int sourceInterface) {
    /** An endpoint that was configured: the kernel chooses the source address. */
    public static Endpoint of(UdpAddress address) {
        return new Endpoint(address, null, 0);
    }

    /** The same endpoint without its source address, for when the kernel refuses that. */
    public Endpoint withoutSource() {
        return of(address);
    }
}
