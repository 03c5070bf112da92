package io.ovl.crypto.noise;

import io.ovl.crypto.key.RandomSource;

/**
 * The five timers of a peer, driven by facts: callers say what happened and when, never what to schedule.
 *
 * <ul>
 *   <li>retransmit: an initiation was sent and no handshake completed for 5 s and jitter; after the last retry, give
 *       up;
 *   <li>keepalive: data was received and nothing sent for 10 s;
 *   <li>new handshake: data was sent and nothing received for 15 s and jitter;
 *   <li>zero keys: no new session for 540 s;
 *   <li>persistent keepalive: nothing went either way for the interval the user set.
 * </ul>
 *
 * <p>A fact may be told late and out of order as long as its deadline has not passed: each timer compares the times of
 * the facts, not of the calls. Facts of the same time count as received before sent; tell them in that order.
 *
 * <p>Thread: one owner. Units: nanoseconds of boot time. Wire: WireGuard whitepaper §6.
 */
public final class PeerTimers {
    /** Due: the passive keepalive. */
    public static final int SEND_KEEPALIVE = 1;

    /** Due: the initiation once more; forget the source address that answers were sent from. */
    public static final int RETRANSMIT_INITIATION = 2;

    /** Due: a handshake because the peer does not answer; forget the source address. */
    public static final int NEW_HANDSHAKE = 4;

    /** Due: the peer could not be reached; drop the staged packets. New data starts afresh. */
    public static final int GIVE_UP = 8;

    /** Due: wipe all keypairs. */
    public static final int ZERO_KEYS = 16;

    /** Due: the persistent keepalive. */
    public static final int SEND_PERSISTENT_KEEPALIVE = 32;

    /**
     * Due: wipe the handshake too. Not while one is under way: after a long suspend it is what brings the peer back.
     */
    public static final int ZERO_HANDSHAKE = 64;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long NOT_YET = Long.MIN_VALUE;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final RandomSource random;

    private long lastDataSentNs = NOT_YET;
    private long lastDataReceivedNs = NOT_YET;
    private long lastAuthenticatedSentNs = NOT_YET;
    private long lastAuthenticatedReceivedNs = NOT_YET;
    private long lastTraversalNs = NOT_YET;
    private long lastHandshakeSentNs = NOT_YET;

    /** When the data came that the keepalive timer runs for, NEVER when it does not run. */
    private long unansweredDataNs = NEVER;

    /** When the data went that the new-handshake timer runs for, NEVER when it does not run. */
    private long unacknowledgedDataNs = NEVER;

    private long newHandshakeJitterNs;
    private long retransmitNs = NEVER;
    private long zeroKeysNs = NEVER;
    private long persistentKeepaliveNs = NEVER;
    private long persistentIntervalNs;
    private int retries;
    private boolean isRetryDue;

    public PeerTimers(RandomSource random) {
        this.random = random;
    }

    /** A data message with a payload was sent. */
    public void onDataSent(long ns) {
        lastDataSentNs = Math.max(lastDataSentNs, ns);
        if (unacknowledgedDataNs == NEVER && ns >= lastAuthenticatedReceivedNs) {
            awaitAcknowledgement(ns);
        }
    }

    /** A data message with a payload was received. */
    public void onDataReceived(long ns) {
        lastDataReceivedNs = Math.max(lastDataReceivedNs, ns);
        if (unansweredDataNs == NEVER && ns >= lastAuthenticatedSentNs) {
            unansweredDataNs = ns;
        }
    }

    /** Any authenticated message was sent: data, keepalive, initiation or response. */
    public void onAuthenticatedPacketSent(long ns) {
        lastAuthenticatedSentNs = Math.max(lastAuthenticatedSentNs, ns);
        if (unansweredDataNs <= ns) {
            unansweredDataNs = lastDataReceivedNs > ns ? lastDataReceivedNs : NEVER;
        }
    }

    /** Any authenticated message was received: data, keepalive, initiation or response. */
    public void onAuthenticatedPacketReceived(long ns) {
        lastAuthenticatedReceivedNs = Math.max(lastAuthenticatedReceivedNs, ns);
        if (unacknowledgedDataNs <= ns) {
            unacknowledgedDataNs = NEVER;
            if (lastDataSentNs > ns) {
                awaitAcknowledgement(lastDataSentNs);
            }
        }
    }

    /** Any authenticated message went either way. */
    public void onAuthenticatedPacketTraversal(long ns) {
        lastTraversalNs = Math.max(lastTraversalNs, ns);
        if (persistentIntervalNs != 0) {
            persistentKeepaliveNs = lastTraversalNs + persistentIntervalNs;
        }
    }

    /** Something other than a retry wants a handshake, whether or not {@link #mayInitiate}: the retries start over. */
    public void onHandshakeRequested() {
        retries = 0;
        isRetryDue = false;
    }

    /** An initiation was sent; a retry when {@link #RETRANSMIT_INITIATION} was due just before, else a fresh start. */
    public void onHandshakeInitiated(long ns) {
        lastHandshakeSentNs = ns;
        retryLater(ns);
    }

    /**
     * An initiation was due and could not be made. It counts as one that was lost: tried again, and given up in the
     * end.
     */
    public void onInitiationImpossible(long ns) {
        retryLater(ns);
    }

    /** This host has another key: as it has sent nothing yet, it may initiate at once. */
    public void onIdentityChanged() {
        lastHandshakeSentNs = NOT_YET;
    }

    /** A response was sent: no reason to initiate for a while. */
    public void onHandshakeResponded(long ns) {
        lastHandshakeSentNs = ns;
    }

    /** The peer has proven that it has the new keys: a response was consumed, or the first data for it received. */
    public void onHandshakeComplete(long ns) {
        retransmitNs = NEVER;
        onHandshakeRequested();
    }

    /** A session was derived in either role. */
    public void onSessionDerived(long ns) {
        zeroKeysNs = ns + ProtocolLimits.WIPE_KEYS_AFTER_TIME_NS;
    }

    /** Whether the last handshake message was sent long enough ago to send an initiation. */
    public boolean mayInitiate(long nowNs) {
        return nowNs - initiationAllowedNs() >= 0;
    }

    /** From when on an initiation may be sent. */
    public long initiationAllowedNs() {
        return lastHandshakeSentNs == NOT_YET
                ? 0
                : lastHandshakeSentNs + ProtocolLimits.REKEY_TIMEOUT_NS;
    }

    /** Sets the interval of persistent keepalives, 0 for none; switching them on makes the first one due at once. */
    public void persistentKeepaliveSeconds(int seconds, long nowNs) {
        boolean wasOff = persistentIntervalNs == 0;
        persistentIntervalNs = seconds * NS_PER_SECOND;
        if (seconds == 0) {
            persistentKeepaliveNs = NEVER;
        } else if (wasOff || lastTraversalNs == NOT_YET) {
            persistentKeepaliveNs = nowNs;
        } else {
            persistentKeepaliveNs = lastTraversalNs + persistentIntervalNs;
        }
    }

    /** Disarms everything and switches persistent keepalives off: the device is down or the peer is leaving. */
    public void stop() {
        unansweredDataNs = NEVER;
        unacknowledgedDataNs = NEVER;
        retransmitNs = NEVER;
        zeroKeysNs = NEVER;
        persistentKeepaliveNs = NEVER;
        persistentIntervalNs = 0;
        onHandshakeRequested();
    }

    /** The earliest time at which {@link #expire} has something to say; Long.MAX_VALUE if none. */
    public long nextDeadlineNs() {
        return Math.min(
                Math.min(keepaliveNs(), newHandshakeNs()),
                Math.min(retransmitNs, Math.min(zeroKeysNs, persistentKeepaliveNs)));
    }

    /** Disarms what has come due and says what that is, as a set of the constants above. */
    public int expire(long nowNs) {
        int due = 0;
        if (retransmitNs <= nowNs) {
            due |= expireRetransmit(nowNs);
        }
        if (newHandshakeNs() <= nowNs) {
            unacknowledgedDataNs = NEVER;
            onHandshakeRequested();
            due |= NEW_HANDSHAKE;
        }
        if (keepaliveNs() <= nowNs) {
            // Data that came after the timer started gets ten seconds of its own, should this
            // keepalive not go out.
            unansweredDataNs = lastDataReceivedNs > unansweredDataNs ? nowNs : NEVER;
            due |= SEND_KEEPALIVE;
        }
        if (persistentKeepaliveNs <= nowNs) {
            persistentKeepaliveNs = nowNs + persistentIntervalNs;
            due |= SEND_PERSISTENT_KEEPALIVE;
        }
        if (zeroKeysNs <= nowNs) {
            zeroKeysNs = NEVER;
            due |= ZERO_KEYS;
            if (retransmitNs == NEVER && (due & (RETRANSMIT_INITIATION | NEW_HANDSHAKE)) == 0) {
                due |= ZERO_HANDSHAKE;
            }
        }
        return due;
    }

    private void retryLater(long ns) {
        if (!isRetryDue) {
            retries = 0;
        }
        isRetryDue = false;
        retransmitNs = ns + ProtocolLimits.REKEY_TIMEOUT_NS + jitterNs();
    }

    private int expireRetransmit(long nowNs) {
        retransmitNs = NEVER;
        if (retries <= ProtocolLimits.MAX_HANDSHAKE_RETRIES) {
            retries++;
            isRetryDue = true;
            return RETRANSMIT_INITIATION;
        }
        onHandshakeRequested();
        unansweredDataNs = NEVER;
        if (zeroKeysNs == NEVER) {
            // Not even a first session came of it, but half a handshake is left to wipe.
            zeroKeysNs = nowNs + ProtocolLimits.WIPE_KEYS_AFTER_TIME_NS;
        }
        return GIVE_UP;
    }

    private long keepaliveNs() {
        return unansweredDataNs == NEVER
                ? NEVER
                : unansweredDataNs + ProtocolLimits.KEEPALIVE_TIMEOUT_NS;
    }

    private long newHandshakeNs() {
        return unacknowledgedDataNs == NEVER
                ? NEVER
                : unacknowledgedDataNs
                        + ProtocolLimits.NEW_HANDSHAKE_TIMEOUT_NS
                        + newHandshakeJitterNs;
    }

    private void awaitAcknowledgement(long ns) {
        unacknowledgedDataNs = ns;
        newHandshakeJitterNs = jitterNs();
    }

    private long jitterNs() {
        return (random.nextInt() & 0xffff_ffffL) * (ProtocolLimits.REKEY_TIMEOUT_JITTER_MAX_NS + 1)
                >>> 32;
    }
}
