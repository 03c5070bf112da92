package io.ovl.dataplane.l2;

/**
 * The move rate of each MAC address: one that moves more than {@link #MAX_MOVES} times within a second is held where it
 * is, for a loop makes a host seem to be on both sides of it in turn.
 *
 * <p>Kept in the table's word for it: of an entry that is held, until when; else the start of its second in
 * microseconds above four bits of moves.
 *
 * <p>Thread: the conductor.
 */
final class FdbMoves {
    static final int MAX_MOVES = 5;
    static final long HOLD_NS = 60_000_000_000L;

    private static final long WINDOW_US = 1_000_000;
    private static final int COUNT_BITS = 4;
    private static final long COUNT_MASK = (1 << COUNT_BITS) - 1;

    private FdbMoves() {}

    /** Counts a move; whether that was one too many. */
    static boolean isTooMany(FdbTable table, int slot, long nowNs) {
        long nowUs = nowNs / 1000;
        long moves = table.moves(slot);
        long count = moves & COUNT_MASK;
        if (count == 0 || nowUs - (moves >> COUNT_BITS) > WINDOW_US) {
            table.moves(slot, nowUs << COUNT_BITS | 1);
            return false;
        }
        table.moves(slot, moves + 1);
        return count + 1 > MAX_MOVES;
    }

    static void hold(FdbTable table, int slot, long nowNs) {
        table.moves(slot, nowNs + HOLD_NS);
    }

    static boolean isHoldOver(FdbTable table, int slot, long nowNs) {
        return nowNs >= table.moves(slot);
    }

    static void release(FdbTable table, int slot) {
        table.moves(slot, 0);
    }
}
