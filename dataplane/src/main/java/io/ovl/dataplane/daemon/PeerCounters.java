package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.CountersFile;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.peer.Peer;

import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.util.IdentityHashMap;

/**
 * Each peer's sums in the published counters file, as old as the last {@link #publish}. Peers for whom the file has no
 * room are left out.
 *
 * <p>Thread: the conductor.
 */
final class PeerCounters {
    private static final int COUNTERS_PER_PEER = 2;

    private final CountersManager manager;
    private final Conductor conductor;
    private final IdentityHashMap<Peer, Sums> sums = new IdentityHashMap<>();
    private long publications;

    PeerCounters(CountersManager manager, Conductor conductor) {
        this.manager = manager;
        this.conductor = conductor;
    }

    /** Writes down what each peer's sums are now; those of a peer that is gone go. */
    void publish() {
        publications++;
        conductor.forEachPeer(this::publish);
        sums.values().removeIf(this::isGone);
    }

    private void publish(Peer peer) {
        Sums own = sums.get(peer);
        if (own == null) {
            if (manager.available() < COUNTERS_PER_PEER) {
                return;
            }
            own = new Sums(manager, peer);
            sums.put(peer, own);
        }
        own.seenIn = publications;
        own.rxBytes.setPlain(peer.bytes().rx());
        own.txBytes.setPlain(peer.bytes().tx());
    }

    private boolean isGone(Sums own) {
        if (own.seenIn == publications) {
            return false;
        }
        own.rxBytes.close();
        own.txBytes.close();
        return true;
    }

    private static final class Sums {
        final AtomicCounter rxBytes;
        final AtomicCounter txBytes;
        long seenIn;

        Sums(CountersManager manager, Peer peer) {
            String prefix = "peer " + peer.publicKey().base64() + ": ";
            rxBytes = manager.newCounter(prefix + "rx bytes", CountersFile.PEER_TYPE_ID);
            txBytes = manager.newCounter(prefix + "tx bytes", CountersFile.PEER_TYPE_ID);
        }
    }
}
