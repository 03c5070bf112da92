package io.ovl.crypto.cookie;

/**
 * Whether handshakes come faster than they can be done, so that strangers must first prove their address.
 *
 * <p>Thread: one owner. Units: {@code nowNs} is boot time. Wire: WireGuard whitepaper §5.3; the figures are the Linux
 * kernel's.
 */
public final class UnderLoad {
    /** How many handshake messages may wait. */
    public static final int MAX_QUEUED_HANDSHAKES = 4096;

    /** How many waiting messages mean load. */
    public static final int THRESHOLD = MAX_QUEUED_HANDSHAKES / 8;

    /** How long load outlasts the queue: a queue that empties for an instant ends no flood. */
    public static final long STICKY_NS = 1_000_000_000L;

    private boolean isUnderLoad;
    private long lastNs;

    /** Takes the length of the queue at {@code nowNs}; returns whether this host is under load then. */
    public boolean isUnderLoad(int queuedMessages, long nowNs) {
        if (queuedMessages >= THRESHOLD) {
            isUnderLoad = true;
            lastNs = nowNs;
        } else if (isUnderLoad && nowNs - lastNs >= STICKY_NS) {
            isUnderLoad = false;
        }
        return isUnderLoad;
    }
}
