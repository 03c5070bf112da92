package io.ovl.dataplane.l2;

import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Who holds how many learned entries, and whose goes when there is no room: the least recently seen one of the port
 * that holds most, so that a port that fills the table loses its own entries and not the others'.
 *
 * <p>Thread: the conductor.
 */
final class FdbHolders {
    private static final int NO_SLOT = -1;

    private static final class Group {
        private final List<FdbHolder> holders = new ArrayList<>();
        private int count;
    }

    private final Long2ObjectHashMap<FdbHolder> byVniAndPort = new Long2ObjectHashMap<>();
    private final Int2ObjectHashMap<Group> byPort = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<Group> bySegment = new Int2ObjectHashMap<>();
    private final List<Group> ports = new ArrayList<>();
    private int count;

    /** All learned entries. */
    int count() {
        return count;
    }

    int countOfPort(int port) {
        return count(byPort.get(port));
    }

    int countOfSegment(int vni) {
        return count(bySegment.get(vni));
    }

    /** A learned entry came to be. */
    void add(FdbTable table, int slot) {
        long entry = table.entry(slot);
        FdbHolder holder = holder(FdbTable.vni(entry), FdbTable.port(entry));
        holder.add(table, slot);
        adjust(holder, 1);
    }

    /** A learned entry is about to go, or to change its port. */
    void remove(FdbTable table, int slot) {
        FdbHolder holder = holderOf(table, slot);
        holder.remove(table, slot);
        adjust(holder, -1);
    }

    /** Slot of the port's least recently seen entry; it must have one. */
    int victimOfPort(FdbTable table, int port) {
        Group group = byPort.get(port);
        if (group == null) {
            throw new IllegalStateException("port " + port + " holds nothing");
        }
        return leastRecent(table, group.holders);
    }

    /** Slot of the segment's entry to evict in favour of one from port {@code forPort}; the segment must have one. */
    int victimOfSegment(FdbTable table, int vni, int forPort) {
        Group group = bySegment.get(vni);
        if (group == null) {
            throw new IllegalStateException("VNI " + vni + " holds nothing");
        }
        int most = 0;
        for (int i = 0; i < group.holders.size(); i++) {
            most = Math.max(most, group.holders.get(i).count());
        }
        int best = NO_SLOT;
        for (int i = 0; i < group.holders.size(); i++) {
            FdbHolder holder = group.holders.get(i);
            if (holder.count() == most) {
                if (holder.port() == forPort) {
                    return holder.leastRecent(table);
                }
                best = older(table, best, holder.leastRecent(table));
            }
        }
        return best;
    }

    /**
     * Slot of the entry to evict in favour of one from port {@code forPort}; there must be one. A port that is among
     * the largest itself loses its own.
     */
    int victim(FdbTable table, int forPort) {
        int most = 0;
        for (int i = 0; i < ports.size(); i++) {
            most = Math.max(most, ports.get(i).count);
        }
        Group own = byPort.get(forPort);
        if (own != null && own.count == most) {
            return leastRecent(table, own.holders);
        }
        int best = NO_SLOT;
        for (int i = 0; i < ports.size(); i++) {
            Group group = ports.get(i);
            if (group.count == most) {
                best = older(table, best, leastRecent(table, group.holders));
            }
        }
        return best;
    }

    /** An entry has a slot in a table that is to follow the present one. */
    void relocate(FdbTable next, int slot) {
        if (next.heapPosition(slot) >= 0) {
            holderOf(next, slot).relocate(next, slot);
        }
    }

    /** Forgets a port that holds nothing any more. */
    void forgetPort(int port) {
        Group group = byPort.get(port);
        if (group != null && group.count == 0) {
            byPort.remove(port);
            ports.remove(group);
            for (FdbHolder holder : group.holders) {
                byVniAndPort.remove(holderKey(holder.vni(), port));
                removeFrom(bySegment.get(holder.vni()), holder);
            }
        }
    }

    /** Forgets a segment that holds nothing any more. */
    void forgetSegment(int vni) {
        Group group = bySegment.get(vni);
        if (group != null && group.count == 0) {
            bySegment.remove(vni);
            for (FdbHolder holder : group.holders) {
                byVniAndPort.remove(holderKey(vni, holder.port()));
                removeFrom(byPort.get(holder.port()), holder);
            }
        }
    }

    private static void removeFrom(@Nullable Group group, FdbHolder holder) {
        if (group != null) {
            group.holders.remove(holder);
        }
    }

    private FdbHolder holderOf(FdbTable table, int slot) {
        long entry = table.entry(slot);
        return holder(FdbTable.vni(entry), FdbTable.port(entry));
    }

    private FdbHolder holder(int vni, int port) {
        FdbHolder holder = byVniAndPort.get(holderKey(vni, port));
        if (holder == null) {
            holder = new FdbHolder(vni, port);
            byVniAndPort.put(holderKey(vni, port), holder);
            Group portGroup = byPort.get(port);
            if (portGroup == null) {
                portGroup = new Group();
                byPort.put(port, portGroup);
                ports.add(portGroup);
            }
            portGroup.holders.add(holder);
            bySegment.computeIfAbsent(vni, _ -> new Group()).holders.add(holder);
        }
        return holder;
    }

    private void adjust(FdbHolder holder, int change) {
        adjust(byPort.get(holder.port()), change);
        adjust(bySegment.get(holder.vni()), change);
        count += change;
    }

    private static void adjust(@Nullable Group group, int change) {
        if (group != null) {
            group.count += change;
        }
    }

    private static int count(@Nullable Group group) {
        return group == null ? 0 : group.count;
    }

    private static int leastRecent(FdbTable table, List<FdbHolder> holders) {
        int best = NO_SLOT;
        for (int i = 0; i < holders.size(); i++) {
            FdbHolder holder = holders.get(i);
            if (holder.count() > 0) {
                best = older(table, best, holder.leastRecent(table));
            }
        }
        return best;
    }

    private static int older(FdbTable table, int best, int slot) {
        return best == NO_SLOT || table.lastSeenNs(slot) < table.lastSeenNs(best) ? slot : best;
    }

    private static long holderKey(int vni, int port) {
        return (long) vni << 16 | port;
    }
}
