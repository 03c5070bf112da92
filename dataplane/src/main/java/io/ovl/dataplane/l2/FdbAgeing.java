package io.ovl.dataplane.l2;

/**
 * Removes learned entries that have been silent for their segment's ageing time, and lets held ones move again.
 *
 * <p>The whole table is swept once a second, a tenth of it at a time, so that no call takes long. An entry therefore
 * goes up to a second late. Held entries do not age: they would come back elsewhere at once.
 *
 * <p>Thread: the conductor.
 */
final class FdbAgeing {
    private static final long SLICE_INTERVAL_NS = 100_000_000L;
    private static final int SLICES = 10;

    private final ForwardingDatabase database;
    private long nextSliceNs = Long.MIN_VALUE;
    private int nextSlot;

    FdbAgeing(ForwardingDatabase database) {
        this.database = database;
    }

    int sweep(FdbTable table, SegmentTable segments, long nowNs) {
        if (nowNs < nextSliceNs) {
            return 0;
        }
        nextSliceNs = nowNs + SLICE_INTERVAL_NS;
        int start = nextSlot < table.capacity() ? nextSlot : 0;
        int end = Math.min(table.capacity(), start + (table.capacity() + SLICES - 1) / SLICES);
        nextSlot = end == table.capacity() ? 0 : end;
        int changes = 0;
        for (int slot = start; slot < end; slot++) {
            if (!table.isUsed(slot)) {
                continue;
            }
            if (isAged(table, segments, slot, nowNs)) {
                database.age(slot);
                changes++;
            } else if ((table.entry(slot) & FdbTable.HELD) != 0
                    && FdbMoves.isHoldOver(table, slot, nowNs)) {
                database.release(slot);
                changes++;
            } else {
                table.expireTick(slot, nowNs);
            }
        }
        return changes;
    }

    private static boolean isAged(FdbTable table, SegmentTable segments, int slot, long nowNs) {
        long entry = table.entry(slot);
        if ((entry & (FdbTable.STATIC | FdbTable.HELD)) != 0) {
            return false;
        }
        Segment segment = segments.segment(FdbTable.vni(entry));
        if (segment == null) {
            return false;
        }
        long ageingNs = segment.settings().ageingNs();
        return ageingNs > 0 && nowNs - table.lastSeenNs(slot) >= ageingNs;
    }
}
