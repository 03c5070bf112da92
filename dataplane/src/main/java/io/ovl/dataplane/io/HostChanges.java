package io.ovl.dataplane.io;

/**
 * Says whether the host's interfaces, addresses or routes may have changed, so that nobody need look at each of them to
 * find out.
 *
 * <p>Thread: one owner. Errors: {@link #open} throws; events that were lost are a change.
 */
public final class HostChanges implements AutoCloseable {
    private static final int RTMGRP_LINK = 1;

    private final NetlinkSocket events;

    private HostChanges(NetlinkSocket events) {
        this.events = events;
    }

    /** Opens in the network namespace of the calling thread, of which it tells. */
    public static HostChanges open() throws DeviceException {
        return new HostChanges(NetlinkSocket.open(RTMGRP_LINK | UnderlayMonitor.GROUPS));
    }

    /** Whether anything may have changed since the last call. */
    public boolean hasChanged() {
        return events.hasEvents();
    }

    @Override
    public void close() {
        events.close();
    }
}
