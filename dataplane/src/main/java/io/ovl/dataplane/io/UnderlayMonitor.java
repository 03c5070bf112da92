package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;

import java.util.List;

/**
 * Notices when routes, rules or addresses of the underlay change, and tells whether an endpoint's sticky source address
 * is still right: the kernel's WireGuard drops a source when the route to the peer leaves through another interface
 * than the one it was heard on.
 *
 * <p>Thread: the conductor. Errors: {@link #open} throws.
 */
public final class UnderlayMonitor implements AutoCloseable {
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV4_ROUTE = 0x40;
    private static final int RTMGRP_IPV4_RULE = 0x80;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int RTMGRP_IPV6_ROUTE = 0x400;
    private static final int RTMGRP_IPV6_RULE = 1 << 18;
    static final int GROUPS =
            RTMGRP_IPV4_IFADDR
                    | RTMGRP_IPV4_ROUTE
                    | RTMGRP_IPV4_RULE
                    | RTMGRP_IPV6_IFADDR
                    | RTMGRP_IPV6_ROUTE
                    | RTMGRP_IPV6_RULE;

    private final NetlinkSocket events;
    private final RouteQuery routes;

    private UnderlayMonitor(NetlinkSocket events, RouteQuery routes) {
        this.events = events;
        this.routes = routes;
    }

    /** Opens in the network namespace of the calling thread, which has to be that of the UDP sockets. */
    public static UnderlayMonitor open() throws DeviceException {
        RouteQuery routes = RouteQuery.open();
        try {
            return new UnderlayMonitor(NetlinkSocket.open(GROUPS), routes);
        } catch (DeviceException e) {
            routes.close();
            throw e;
        }
    }

    /** The descriptor to watch: readable when {@link #hasChanged} has something to say. */
    public int fd() {
        return events.fd();
    }

    /** Reads all events: whether anything changed since the last call, or may have. */
    public boolean hasChanged() {
        return events.hasEvents();
    }

    /**
     * Whether packets to the endpoint would leave through the interface it was heard on, from the address it talked to.
     * True for an endpoint without a source.
     *
     * @param fwmark the sockets' mark
     */
    public boolean isSourceRight(Endpoint endpoint, int fwmark) {
        IpAddress source = endpoint.source();
        if (source == null) {
            return true;
        }
        UdpAddress to = endpoint.address();
        int outputInterface = routes.outputInterface(to.ip(), to.scopeId(), source, fwmark);
        return outputInterface > 0
                && (endpoint.sourceInterface() == 0
                        || endpoint.sourceInterface() == outputInterface);
    }

    /** The addresses that this host has on the underlay now. */
    public List<IpAddress> localAddresses() {
        return routes.addresses();
    }

    @Override
    public void close() {
        events.close();
        routes.close();
    }
}
