package io.ovl.dataplane.control;

import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.IndexTable;
import io.ovl.dataplane.peer.Session;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Installs keypairs where the packet paths find them, and retires them.
 *
 * <p>A keypair is wiped only when nothing can use it any more. Three kinds of references exist: the peer's slots,
 * cleared before a keypair is retired; the index table, cleared here; and what a worker took from either in the duty
 * cycle it is in. A fence is executed at the start of a later cycle, so when every worker has passed one, the last kind
 * is gone too, and with it the copy that a worker's AEAD keeps of the key it used last.
 *
 * <p>Thread: the conductor; the wiping itself happens on the last worker to pass.
 */
final class Sessions {
    private final IndexTable table;
    private final LocalIndices indices;
    private final List<WorkerProxy> workers;

    Sessions(IndexTable table, LocalIndices indices, List<WorkerProxy> workers) {
        this.table = table;
        this.indices = indices;
        this.workers = workers;
    }

    /** Puts a keypair just derived in place; the handshake's local index becomes the session's. */
    void install(PeerControl control, Keypair keypair) {
        control.unconfirmed = keypair.isInitiator() ? null : keypair;
        table.add(keypair.localIndex(), new Session(control.peer, keypair));
        control.peer.keypairs().onSessionDerived(keypair, this::retire);
    }

    /** Whether a worker has received the first message under the keypair that waited for it; true once for each. */
    boolean takeConfirmation(PeerControl control) {
        Keypair unconfirmed = control.unconfirmed;
        if (unconfirmed == null || control.peer.keypairs().current() != unconfirmed) {
            return false;
        }
        control.unconfirmed = null;
        return true;
    }

    /** Ends all of a peer's sessions. */
    void clear(PeerControl control) {
        control.unconfirmed = null;
        control.peer.keypairs().clear(this::retire);
    }

    private void retire(Keypair keypair) {
        table.remove(keypair.localIndex());
        indices.release(keypair.localIndex());
        AtomicInteger remaining = new AtomicInteger(workers.size());
        for (WorkerProxy worker : workers) {
            worker.forgetKeys(
                    () -> {
                        if (remaining.decrementAndGet() == 0) {
                            keypair.close();
                        }
                    });
        }
    }
}
