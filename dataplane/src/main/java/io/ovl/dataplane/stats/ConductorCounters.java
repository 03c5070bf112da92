package io.ovl.dataplane.stats;

import io.ovl.config.ctl.CountersFile;

import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * The conductor's counters in the published counters file.
 *
 * <p>Thread: one writer, the conductor; any process reads.
 */
public final class ConductorCounters {
    /** Type id of a conductor counter in the file's metadata; its drops have {@link CountersFile#DROP_TYPE_ID}. */
    public static final int CONDUCTOR_TYPE_ID = 3;

    private final AtomicCounter[] drops;
    private final AtomicCounter initiationsSent;
    private final AtomicCounter responsesSent;
    private final AtomicCounter responsesReceived;
    private final AtomicCounter cookiesSent;
    private final AtomicCounter cookiesReceived;
    private final AtomicCounter handshakesCompleted;

    public ConductorCounters(CountersManager manager) {
        DropReason[] reasons = DropReason.values();
        drops = new AtomicCounter[reasons.length];
        for (DropReason reason : reasons) {
            drops[reason.ordinal()] =
                    manager.newCounter(
                            "conductor: drop " + reason.name(), CountersFile.DROP_TYPE_ID);
        }
        initiationsSent = manager.newCounter("conductor: initiations sent", CONDUCTOR_TYPE_ID);
        responsesSent = manager.newCounter("conductor: responses sent", CONDUCTOR_TYPE_ID);
        responsesReceived = manager.newCounter("conductor: responses received", CONDUCTOR_TYPE_ID);
        cookiesSent = manager.newCounter("conductor: cookie replies sent", CONDUCTOR_TYPE_ID);
        cookiesReceived =
                manager.newCounter("conductor: cookie replies received", CONDUCTOR_TYPE_ID);
        handshakesCompleted =
                manager.newCounter("conductor: handshakes completed", CONDUCTOR_TYPE_ID);
    }

    public void drop(DropReason reason) {
        drops[reason.ordinal()].incrementPlain();
    }

    public long dropped(DropReason reason) {
        return drops[reason.ordinal()].get();
    }

    public void initiationSent() {
        initiationsSent.incrementPlain();
    }

    public void responseSent() {
        responsesSent.incrementPlain();
    }

    public void responseReceived() {
        responsesReceived.incrementPlain();
    }

    public void cookieSent() {
        cookiesSent.incrementPlain();
    }

    public void cookieReceived() {
        cookiesReceived.incrementPlain();
    }

    public void handshakeCompleted() {
        handshakesCompleted.incrementPlain();
    }

    public long initiationsSent() {
        return initiationsSent.get();
    }

    public long responsesSent() {
        return responsesSent.get();
    }

    /** Responses that completed a handshake. */
    public long responsesReceived() {
        return responsesReceived.get();
    }

    /** Cookies of replies that were made for this host. */
    public long cookiesReceived() {
        return cookiesReceived.get();
    }

    public long handshakesCompleted() {
        return handshakesCompleted.get();
    }
}
