package io.ovl.crypto.noise;

import org.jspecify.annotations.Nullable;

/**
 * A peer's up to three sessions: the one in use, the one before it for late packets, and the one that a responder may
 * not use until the initiator has proven that it has the keys (WireGuard whitepaper §6.3).
 *
 * <p>A confirmation moves keypairs between slots and retires none, so that whoever received the confirming message can
 * carry it out, before anything is sent in reply. What retires keypairs is their owner's to call.
 *
 * <p>Thread: slots may be read, and a keypair confirmed, by any; changes exclude each other. Ownership: holds its
 * keypairs; those that leave all slots go to the retirement handed in, once each.
 */
public final class Keypairs {
    private volatile @Nullable Keypair current;
    private volatile @Nullable Keypair previous;
    private volatile @Nullable Keypair next;

    /** What to send with; null before the first session. */
    public @Nullable Keypair current() {
        return current;
    }

    public @Nullable Keypair previous() {
        return previous;
    }

    /** A responder's session that awaits its first authenticated packet. */
    public @Nullable Keypair next() {
        return next;
    }

    /**
     * Takes a new session: an initiator's is proven by the response and becomes current, a responder's waits as next.
     */
    public synchronized void onSessionDerived(Keypair keypair, KeypairRetirement retirement) {
        Keypair oldPrevious = previous;
        Keypair oldCurrent = current;
        Keypair oldNext = next;
        if (!keypair.isInitiator()) {
            next = keypair;
            previous = null;
            retire(oldNext, retirement);
        } else if (oldNext != null) {
            // The peer may already send with the session it initiated: it stays readable, the older
            // current goes.
            next = null;
            previous = oldNext;
            current = keypair;
            retire(oldCurrent, retirement);
        } else {
            previous = oldCurrent;
            current = keypair;
        }
        retire(oldPrevious, retirement);
    }

    /**
     * Notes an authenticated packet under {@code keypair}; true when that made it current, which completes a handshake.
     */
    public boolean onConfirmed(Keypair keypair) {
        return next == keypair && confirm(keypair);
    }

    /** Empties all slots. */
    public synchronized void clear(KeypairRetirement retirement) {
        Keypair oldPrevious = previous;
        Keypair oldCurrent = current;
        Keypair oldNext = next;
        previous = null;
        current = null;
        next = null;
        retire(oldPrevious, retirement);
        retire(oldCurrent, retirement);
        retire(oldNext, retirement);
    }

    private synchronized boolean confirm(Keypair keypair) {
        if (next != keypair) {
            return false;
        }
        // While there is a next there is no previous: deriving the one retired the other.
        previous = current;
        current = keypair;
        next = null;
        return true;
    }

    private static void retire(@Nullable Keypair keypair, KeypairRetirement retirement) {
        if (keypair != null) {
            retirement.onRetired(keypair);
        }
    }
}
