package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.LinkListener;
import io.ovl.dataplane.io.LinkMonitor;
import io.ovl.dataplane.io.LinuxTunTap;
import io.ovl.dataplane.io.TunTapDevice;

import org.jspecify.annotations.Nullable;

/**
 * Has the daemon follow a device's interface, which others may set up and down, give another MTU, move elsewhere and
 * delete.
 *
 * <p>Thread: the conductor; the main thread opens it before and closes it after the conductor runs.
 */
final class LinkWatch implements LinkListener, AutoCloseable {
    private final String name;
    private final DaemonLog log;
    private final Runnable onDeleted;
    private @Nullable LinkMonitor monitor;

    private LinkWatch(String name, DaemonLog log, Runnable onDeleted) {
        this.name = name;
        this.log = log;
        this.onDeleted = onDeleted;
    }

    /** Opens for a device of the kernel's; what stands in for one, or for none, has no interface to follow. */
    static LinkWatch open(TunTapDevice tun, DaemonLog log, Runnable onDeleted)
            throws DeviceException {
        LinkWatch watch = new LinkWatch(tun.name(), log, onDeleted);
        if (tun instanceof LinuxTunTap device && device.ifindex() > 0) {
            watch.monitor = LinkMonitor.open(device, watch);
        }
        return watch;
    }

    /** Begins to watch. */
    void register(EpollLoop loop) {
        LinkMonitor watched = monitor;
        if (watched != null) {
            loop.register(watched.fd(), (isReadable, isDead) -> watched.onEvents());
            watched.refresh();
        }
    }

    /** To be called once a second: not every event can be heard. */
    void refresh() {
        if (monitor != null) {
            monitor.refresh();
        }
    }

    @Override
    public void onMtu(int mtu) {
        log.info(name + ": MTU " + mtu);
    }

    @Override
    public void onUp(boolean isUp) {
        log.info(name + ": " + (isUp ? "up" : "down"));
    }

    @Override
    public void onDeleted() {
        onDeleted.run();
    }

    @Override
    public void close() {
        if (monitor != null) {
            monitor.close();
        }
    }
}
