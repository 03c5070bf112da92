package io.ovl.dataplane.peer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What workers did with a peer's packets and when, for the conductor's timers.
 *
 * <p>Workers note facts once a batch; the conductor looks at least every five seconds, well before the shortest timer
 * that any of these facts starts (10 s), so nothing has to be sent between the threads for a timer.
 *
 * <p>Thread: written by workers, read by the conductor. Values are independent of each other and may be a batch old;
 * with several workers the last writer wins, which moves a timer by no more than the two writes are apart.
 * Units: boot time in nanoseconds; 0 means never, or not now.
 */
public final class PeerActivity {
    private final AtomicLong dataSentNs = new AtomicLong();
    private final AtomicLong dataReceivedNs = new AtomicLong();
    private final AtomicLong authenticatedSentNs = new AtomicLong();
    private final AtomicLong authenticatedReceivedNs = new AtomicLong();
    private final AtomicLong unansweredSinceNs = new AtomicLong();
    private final AtomicLong unacknowledgedSinceNs = new AtomicLong();

    /** Data messages that carry packets were sent. */
    public void onDataSent(long nowNs) {
        note(dataSentNs, nowNs);
        if (unansweredSinceNs.getOpaque() == 0) {
            unansweredSinceNs.setOpaque(nowNs);
        }
        onAuthenticatedSent(nowNs);
    }

    /** Anything authenticated was sent: data, a keepalive or a handshake message. */
    public void onAuthenticatedSent(long nowNs) {
        note(authenticatedSentNs, nowNs);
        if (unacknowledgedSinceNs.getOpaque() != 0) {
            unacknowledgedSinceNs.setOpaque(0);
        }
    }

    /** Data messages that carry packets were received. */
    public void onDataReceived(long nowNs) {
        note(dataReceivedNs, nowNs);
        onAuthenticatedReceived(nowNs);
        if (unacknowledgedSinceNs.getOpaque() == 0) {
            unacknowledgedSinceNs.setOpaque(nowNs);
        }
    }

    /** Anything authenticated was received: data, a keepalive or a handshake message. */
    public void onAuthenticatedReceived(long nowNs) {
        note(authenticatedReceivedNs, nowNs);
        if (unansweredSinceNs.getOpaque() != 0) {
            unansweredSinceNs.setOpaque(0);
        }
    }

    /** A batch has one time, so that all but its first packet only read, what other workers may do as well. */
    private static void note(AtomicLong fact, long nowNs) {
        if (fact.getOpaque() != nowNs) {
            fact.setOpaque(nowNs);
        }
    }

    public long dataSentNs() {
        return dataSentNs.getOpaque();
    }

    public long dataReceivedNs() {
        return dataReceivedNs.getOpaque();
    }

    public long authenticatedSentNs() {
        return authenticatedSentNs.getOpaque();
    }

    public long authenticatedReceivedNs() {
        return authenticatedReceivedNs.getOpaque();
    }

    /** When data was first sent since anything authenticated was received; 0 when all is answered. */
    public long unansweredSinceNs() {
        return unansweredSinceNs.getOpaque();
    }

    /** When data was first received since anything authenticated was sent; 0 when nothing waits for an answer. */
    public long unacknowledgedSinceNs() {
        return unacknowledgedSinceNs.getOpaque();
    }
}
