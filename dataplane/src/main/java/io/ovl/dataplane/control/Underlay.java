package io.ovl.dataplane.control;

import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.UdpSocketFactory;
import io.ovl.dataplane.io.UdpSockets;
import io.ovl.dataplane.path.WorkerProxy;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which sockets the daemon talks through, and the change from one port to another.
 *
 * <p>Thread: the conductor. Errors: when a port cannot be had, the old sockets stay.
 */
final class Underlay {
    private final UdpSocketFactory factory;
    private final List<WorkerProxy> workers;
    private final HandshakeSender sender;
    private final MarkListener others;
    private @Nullable UdpSockets sockets;
    private int fwmark;

    /** Told which mark other sockets of the daemon are to have. */
    @FunctionalInterface
    interface MarkListener {
        void onFwmark(int mark) throws DeviceException;
    }

    Underlay(
            UdpSocketFactory factory,
            List<WorkerProxy> workers,
            HandshakeSender sender,
            MarkListener others) {
        this.factory = factory;
        this.others = others;
        this.workers = workers;
        this.sender = sender;
    }

    /** The bound port, 0 when there is none. */
    int port() {
        return sockets == null ? 0 : sockets.port();
    }

    int fwmark() {
        return fwmark;
    }

    /** What the sockets do at once for many datagrams. */
    Set<Offload> offloads() {
        return sockets == null ? Set.of() : sockets.offloads();
    }

    /** Opens sockets on a port without using them yet. */
    UdpSockets open(int port) throws DeviceException {
        return factory.open(port, fwmark);
    }

    /** Uses {@code next} from now on; the old sockets are closed once no worker uses them. */
    void use(UdpSockets next) {
        UdpSockets old = sockets;
        sockets = next;
        sender.bind(next.bind(0));
        AtomicInteger remaining = new AtomicInteger(workers.size());
        for (int i = 0; i < workers.size(); i++) {
            workers.get(i)
                    .rebind(
                            next.bind(i),
                            () -> {
                                if (remaining.decrementAndGet() == 0 && old != null) {
                                    old.close();
                                }
                            });
        }
    }

    /** Marks all that is sent from now on, or nothing. */
    void fwmark(int mark) throws DeviceException {
        boolean isDone = false;
        try {
            mark(mark);
            isDone = true;
            fwmark = mark;
        } finally {
            if (!isDone) {
                mark(fwmark);
            }
        }
    }

    private void mark(int mark) throws DeviceException {
        if (sockets != null) {
            sockets.fwmark(mark);
        }
        others.onFwmark(mark);
    }

    /** Closes the sockets; the workers have stopped. */
    void close() {
        sender.bind(null);
        if (sockets != null) {
            sockets.close();
            sockets = null;
        }
    }
}
