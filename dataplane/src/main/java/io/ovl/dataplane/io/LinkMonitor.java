package io.ovl.dataplane.io;

/**
 * Follows the state of a TUN or TAP interface wherever it is: through renames and into other network namespaces.
 *
 * <p>Events say only when to look. Those from another namespace need CAP_NET_BROADCAST, so {@link #refresh} is to be
 * called once a second too.
 *
 * <p>Thread: the conductor. Errors: {@link #open} throws; a question that fails changes nothing and is asked again.
 */
public final class LinkMonitor implements AutoCloseable {
    private static final int RTMGRP_LINK = 1;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;

    private final LinuxTunTap device;
    private final LinkListener listener;
    private final NetlinkSocket events;
    private final LinkQuery query;
    private int mtu;
    private boolean isUp;
    private boolean isDeleted;

    private LinkMonitor(
            LinuxTunTap device, LinkListener listener, NetlinkSocket events, LinkQuery query) {
        this.device = device;
        this.listener = listener;
        this.events = events;
        this.query = query;
        mtu = device.mtu();
    }

    /** Opens in the network namespace of the calling thread, which has to be the one the device was opened in. */
    public static LinkMonitor open(LinuxTunTap device, LinkListener listener)
            throws DeviceException {
        LinkQuery query = LinkQuery.open(device);
        try {
            NetlinkSocket events = NetlinkSocket.open(RTMGRP_LINK);
            events.listenElsewhere();
            return new LinkMonitor(device, listener, events, query);
        } catch (DeviceException e) {
            query.close();
            throw e;
        }
    }

    /** The descriptor to watch: readable when {@link #onEvents} has something to do. */
    public int fd() {
        return events.fd();
    }

    public boolean isUp() {
        return isUp;
    }

    public boolean isDeleted() {
        return isDeleted;
    }

    /** Reads all events and looks once if any was about links. */
    public void onEvents() {
        boolean isStale = false;
        for (int type = events.nextEvent(); type != 0; type = events.nextEvent()) {
            isStale |= type < 0 || type == RTM_NEWLINK || type == RTM_DELLINK;
        }
        if (isStale) {
            refresh();
        }
    }

    /** Looks, and tells the listener and the device what is different. */
    public void refresh() {
        if (isDeleted) {
            return;
        }
        query.ask();
        if (query.isDeleted()) {
            isDeleted = true;
            listener.onDeleted();
            return;
        }
        if (query.mtu() != mtu) {
            mtu = query.mtu();
            device.mtu(mtu);
            listener.onMtu(mtu);
        }
        if (query.isUp() != isUp) {
            isUp = query.isUp();
            listener.onUp(isUp);
        }
    }

    @Override
    public void close() {
        events.close();
        query.close();
    }
}
