package io.ovl.crypto.noise;

import io.ovl.crypto.aead.AeadKey;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One session: a key for each direction, the counters of what was sent and the window of what was received.
 *
 * <p>Thread: any; {@link #replayWindow} one caller at a time. Ownership: owns both keys; whoever retires the keypair
 * closes it once no worker can still hold it. Units: times are boot time, counters are unsigned.
 */
public final class Keypair implements AutoCloseable {
    private final AeadKey sendingKey;
    private final AeadKey receivingKey;
    private final int localIndex;
    private final int remoteIndex;
    private final long createdNs;
    private final boolean isInitiator;
    private final AtomicLong nextCounter = new AtomicLong();
    private final ReplayWindow replayWindow = new ReplayWindow();

    /** Takes both keys. */
    public Keypair(
            AeadKey sendingKey,
            AeadKey receivingKey,
            int localIndex,
            int remoteIndex,
            long createdNs,
            boolean isInitiator) {
        this.sendingKey = sendingKey;
        this.receivingKey = receivingKey;
        this.localIndex = localIndex;
        this.remoteIndex = remoteIndex;
        this.createdNs = createdNs;
        this.isInitiator = isInitiator;
    }

    public AeadKey sendingKey() {
        return sendingKey;
    }

    public AeadKey receivingKey() {
        return receivingKey;
    }

    /** The index by which the peer addresses this session. */
    public int localIndex() {
        return localIndex;
    }

    /** The index by which this side addresses it. */
    public int remoteIndex() {
        return remoteIndex;
    }

    public long createdNs() {
        return createdNs;
    }

    public boolean isInitiator() {
        return isInitiator;
    }

    public ReplayWindow replayWindow() {
        return replayWindow;
    }

    /**
     * Claims {@code count} counters that nobody else gets, and returns the first; -1, which no counter is, when fewer
     * are left. The claim is a compare-and-set and no addition, so that however many threads fail they never wrap the
     * counter.
     */
    public long claimCounters(int count) {
        while (true) {
            long first = nextCounter.get();
            if (Long.compareUnsigned(ProtocolLimits.REJECT_AFTER_MESSAGES - first, count) < 0) {
                return -1;
            }
            if (nextCounter.compareAndSet(first, first + count)) {
                return first;
            }
        }
    }

    /** How many counters were claimed; unsigned. */
    public long sentMessages() {
        return nextCounter.get();
    }

    /** Test hook: pretends that this many messages were sent. */
    public void sentMessages(long count) {
        nextCounter.set(count);
    }

    /**
     * Whether the sender of a message at {@code nowNs} starts a new handshake: by age the initiator only, by count
     * either.
     */
    public boolean needsRekeyOnSend(long nowNs) {
        return Long.compareUnsigned(nextCounter.get(), ProtocolLimits.REKEY_AFTER_MESSAGES) >= 0
                || isInitiator && nowNs - createdNs >= ProtocolLimits.REKEY_AFTER_TIME_NS;
    }

    /**
     * Whether the receiver of a message at {@code nowNs} does: the initiator, while there is time before the session
     * ends.
     */
    public boolean needsRekeyOnReceive(long nowNs) {
        return isInitiator && nowNs - createdNs >= ProtocolLimits.REKEY_AFTER_TIME_RECEIVING_NS;
    }

    /** Whether the session is too old for anything to be sent or accepted with it. */
    public boolean isExpired(long nowNs) {
        return nowNs - createdNs >= ProtocolLimits.REJECT_AFTER_TIME_NS;
    }

    /** Wipes both keys. Idempotent. */
    @Override
    public void close() {
        sendingKey.close();
        receivingKey.close();
    }
}
