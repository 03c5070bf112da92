package io.ovl.dataplane.daemon;

import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.LocalAddresses;
import io.ovl.dataplane.io.UnderlayMonitor;
import io.ovl.dataplane.peer.Peer;

import java.util.concurrent.TimeUnit;

/**
 * Has the daemon follow the underlay: peers let go of source addresses from which they are no longer reached, and the
 * host's own addresses are known, by which {@code path} knows its own traffic.
 *
 * <p>Thread: the conductor; the main thread opens it before and closes it after the conductor runs.
 */
final class UnderlayWatch implements AutoCloseable {
    /** However often routes change: each look asks the kernel about every peer. */
    private static final long MIN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final UnderlayMonitor monitor;
    private final Conductor conductor;
    private final LocalAddresses addresses;
    private final Clock clock;
    private boolean isScheduled;
    private long lookedAtNs;

    private UnderlayWatch(
            UnderlayMonitor monitor, Conductor conductor, LocalAddresses addresses, Clock clock) {
        this.monitor = monitor;
        this.conductor = conductor;
        this.addresses = addresses;
        this.clock = clock;
    }

    static UnderlayWatch open(Conductor conductor, LocalAddresses addresses, Clock clock)
            throws DeviceException {
        return new UnderlayWatch(UnderlayMonitor.open(), conductor, addresses, clock);
    }

    /** Begins to watch. */
    void register(EpollLoop loop) {
        loop.register(monitor.fd(), (isReadable, isDead) -> onEvents(loop));
        look();
    }

    private void onEvents(EpollLoop loop) {
        if (!monitor.hasChanged() || isScheduled) {
            return;
        }
        long sinceNs = clock.bootTimeNs() - lookedAtNs;
        if (sinceNs >= MIN_INTERVAL_NS) {
            look();
        } else {
            isScheduled = true;
            var _ =
                    loop.eventLoop()
                            .schedule(this::look, MIN_INTERVAL_NS - sinceNs, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        isScheduled = false;
        lookedAtNs = clock.bootTimeNs();
        addresses.replace(monitor.localAddresses());
        int fwmark = conductor.fwmark();
        conductor.forEachPeer(peer -> reviewSource(peer, fwmark));
    }

    @SuppressWarnings("ReferenceEquality") // an endpoint learned in the meantime stays
    private void reviewSource(Peer peer, int fwmark) {
        Endpoint endpoint = peer.endpoint();
        if (endpoint != null
                && !monitor.isSourceRight(endpoint, fwmark)
                && peer.endpoint() == endpoint) {
            peer.endpoint(endpoint.withoutSource());
        }
    }

    @Override
    public void close() {
        monitor.close();
    }
}
