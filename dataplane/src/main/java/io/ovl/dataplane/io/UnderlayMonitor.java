package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

/**
 * Notices when routes, rules or addresses of the underlay change, and tells whether an endpoint's sticky source address is still right:
 * the kernel's WireGuard drops a source when the route to the peer leaves through another interface than the one it was heard on.
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
    private static final int GROUPS =
            RTMGRP_IPV4_IFADDR
                    | RTMGRP_IPV4_ROUTE
                    | RTMGRP_IPV4_RULE
                    | RTMGRP_IPV6_IFADDR
                    | RTMGRP_IPV6_ROUTE
                    | RTMGRP_IPV6_RULE;
    private static final int RTM_GETROUTE = 26;
    private static final int RTMSG_LENGTH = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_SRC = 2;
    private static final int RTA_OIF = 4;
    private static final int RTA_MARK = 16;
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;

    private final NetlinkSocket events;
    private final NetlinkSocket questions;

    private UnderlayMonitor(NetlinkSocket events, NetlinkSocket questions) {
        this.events = events;
        this.questions = questions;
    }

    /** Opens in the network namespace of the calling thread, which has to be that of the UDP sockets. */
    public static UnderlayMonitor open() throws DeviceException {
        NetlinkSocket questions = NetlinkSocket.open(0);
        try {
            return new UnderlayMonitor(NetlinkSocket.open(GROUPS), questions);
        } catch (DeviceException e) {
            questions.close();
            throw e;
        }
    }

    /** The descriptor to watch: readable when {@link #hasChanged} has something to say. */
    public int fd() {
        return events.fd();
    }

    /** Reads all events: whether anything changed since the last call, or may have. */
    public boolean hasChanged() {
        boolean hasChanged = false;
        while (events.nextEvent() != 0) {
            hasChanged = true;
        }
        return hasChanged;
    }

    /**
     * Whether packets to the endpoint would leave through the interface it was heard on, from the address it talked to. True for an endpoint
     * without a source.
     *
     * @param fwmark the sockets' mark
     */
    public boolean isSourceRight(Endpoint endpoint, int fwmark) {
        IpAddress source = endpoint.source();
        if (source == null) {
            return true;
        }
        int outputInterface = outputInterface(endpoint, source, fwmark);
        return outputInterface > 0
                && (endpoint.sourceInterface() == 0
                        || endpoint.sourceInterface() == outputInterface);
    }

    private int outputInterface(Endpoint endpoint, IpAddress source, int fwmark) {
        IpAddress destination = endpoint.address().ip();
        questions.begin(RTM_GETROUTE, 0, RTMSG_LENGTH);
        questions
                .body()
                .putByte(NetlinkSocket.BODY_OFFSET, destination.isIpv6() ? AF_INET6 : AF_INET);
        questions.body().putByte(NetlinkSocket.BODY_OFFSET + 1, (byte) destination.width());
        questions.body().putByte(NetlinkSocket.BODY_OFFSET + 2, (byte) source.width());
        questions.attribute(RTA_DST, destination.bytes());
        questions.attribute(RTA_SRC, source.bytes());
        if (fwmark != 0) {
            questions.attribute(RTA_MARK, fwmark);
        }
        if (endpoint.address().scopeId() != 0) {
            questions.attribute(RTA_OIF, endpoint.address().scopeId());
        }
        int result = questions.exchange();
        return result < 0 ? result : questions.intAttribute(RTMSG_LENGTH, RTA_OIF, 0);
    }

    @Override
    public void close() {
        events.close();
        questions.close();
    }
}
