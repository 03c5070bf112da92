package io.ovl.crypto.noise;

/**
 * Every limit of the protocol in one place (WireGuard whitepaper §6.1); what the paper leaves open is the Linux
 * kernel's value.
 *
 * <p>Units: times are nanoseconds, message counts are unsigned.
 */
public final class ProtocolLimits {
    /** Messages sent with one key after which a new handshake starts. */
    public static final long REKEY_AFTER_MESSAGES = 1L << 60;

    /** The first counter that is never used: 2^64 - 2^13 - 1, unsigned. */
    public static final long REJECT_AFTER_MESSAGES = -(1L << 13) - 1;

    public static final long REKEY_AFTER_TIME_NS = 120_000_000_000L;
    public static final long REJECT_AFTER_TIME_NS = 180_000_000_000L;
    public static final long REKEY_TIMEOUT_NS = 5_000_000_000L;

    /** Random addition to a retry, so that two peers that began together do not collide for ever. */
    public static final long REKEY_TIMEOUT_JITTER_MAX_NS = 333_000_000L;

    public static final long KEEPALIVE_TIMEOUT_NS = 10_000_000_000L;

    public static final long REKEY_ATTEMPT_TIME_NS = 90_000_000_000L;

    /** Retries still answered by another retry; the next one after these is the last. */
    public static final int MAX_HANDSHAKE_RETRIES =
            (int) (REKEY_ATTEMPT_TIME_NS / REKEY_TIMEOUT_NS);

    /** Data was sent and nothing came back for this long: the session may be gone. */
    public static final long NEW_HANDSHAKE_TIMEOUT_NS = KEEPALIVE_TIMEOUT_NS + REKEY_TIMEOUT_NS;

    /** Age at which the initiator of a session that only receives rekeys, while there is time to retry. */
    public static final long REKEY_AFTER_TIME_RECEIVING_NS =
            REJECT_AFTER_TIME_NS - KEEPALIVE_TIMEOUT_NS - REKEY_TIMEOUT_NS;

    /** Time without a new session after which all keys are wiped. */
    public static final long WIPE_KEYS_AFTER_TIME_NS = 3 * REJECT_AFTER_TIME_NS;

    public static final int INITIATIONS_PER_SECOND = 50;

    /** Least time between two initiations accepted from one peer. */
    public static final long INITIATION_INTERVAL_NS = 1_000_000_000L / INITIATIONS_PER_SECOND;

    public static final int MAX_STAGED_PACKETS = 128;

    private ProtocolLimits() {}
}
