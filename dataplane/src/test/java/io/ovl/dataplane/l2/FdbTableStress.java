package io.ovl.dataplane.l2;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

import java.util.ArrayList;
import java.util.List;

/**
 * The conductor's changes to the table raced against a worker's looks by jcstress, on a table so small that entries
 * share slots and push each other out of their groups. {@link FdbTableStressTest} runs it.
 */
public final class FdbTableStress {
    private static final long SEED = 0x5eed_1234_5678_9abcL;
    private static final int GROUP_SLOTS = 7;
    private static final int VNI = 10;
    private static final int OTHER_VNI = 11;

    private FdbTableStress() {}

    private static int portOf(FdbTable table, int vni, long key) {
        return FdbTable.port(table.find(vni, key));
    }

    /** Keys whose home is the first of two groups, in the order in which they are looked at. */
    private static List<Long> keysOfFirstGroup(int count) {
        List<Long> keys = new ArrayList<>();
        for (long mac = 0x0200_0000_0001L; keys.size() < count; mac++) {
            long key = FdbTable.key(mac, 0);
            if (new FdbTable(2 * GROUP_SLOTS, SEED).insert(VNI, key, 1, 0, 0) < GROUP_SLOTS) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** An entry changes its port: one look may see the old one, and no later look sees it again after the new one. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, back in time, or nobody's port")
    public static class Move {
        private static final long KEY = FdbTable.key(0x0200_0000_0001L, 0);

        private final FdbTable table = new FdbTable(GROUP_SLOTS, SEED);
        private final int slot = table.insert(VNI, KEY, 1, 0, 0);

        @Actor
        public void conductor() {
            table.update(slot, 2, 0);
        }

        @Actor
        public void worker(II_Result result) {
            result.r1 = portOf(table, VNI, KEY);
            result.r2 = portOf(table, VNI, KEY);
        }
    }

    /** The same address in another VNI takes over the slot: neither is ever found with the other's port. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0", "1, 2", "0, 0", "0, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "its own port or none")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the port of another entry")
    public static class SlotReuse {
        private static final long KEY = FdbTable.key(0x0200_0000_0001L, 0);

        private final FdbTable table = new FdbTable(GROUP_SLOTS, SEED);
        private final int slot = table.insert(VNI, KEY, 1, 0, 0);

        @Actor
        public void conductor() {
            table.remove(slot);
            table.insert(OTHER_VNI, KEY, 2, 0, 0);
        }

        @Actor
        public void worker(II_Result result) {
            result.r1 = portOf(table, VNI, KEY);
            result.r2 = portOf(table, OTHER_VNI, KEY);
        }
    }

    /** A slot goes to another address of the segment and comes back: a look does not mix the three entries. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0", "1", "3"},
            expect = Expect.ACCEPTABLE,
            desc = "its own port or none")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the port of another entry")
    public static class SlotReturns {
        private static final long KEY = FdbTable.key(0x0200_0000_0001L, 0);
        private static final long OTHER_KEY = FdbTable.key(0x0200_0000_0002L, 0);

        private final FdbTable table = new FdbTable(GROUP_SLOTS, SEED);
        private final int slot = table.insert(VNI, KEY, 1, 0, 0);

        @Actor
        public void conductor() {
            table.remove(slot);
            table.remove(table.insert(VNI, OTHER_KEY, 2, 0, 0));
            table.insert(VNI, KEY, 3, 0, 0);
        }

        @Actor
        public void worker(I_Result result) {
            result.r1 = portOf(table, VNI, KEY);
        }
    }

    /** A worker notes that it has seen an address whose slot goes to another meanwhile: that one stays what it is. */
    @JCStressTest
    @State
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "the one gone, the other there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the key of the one, the port of the other")
    public static class Refresh {
        private static final long KEY = FdbTable.key(0x0200_0000_0001L, 0);
        private static final long OTHER_KEY = FdbTable.key(0x0200_0000_0002L, 0);

        private final FdbTable table = new FdbTable(GROUP_SLOTS, SEED);
        private final int slot = table.insert(VNI, KEY, 1, 0, 0);

        @Actor
        public void conductor() {
            table.remove(slot);
            table.insert(VNI, OTHER_KEY, 2, 0, 0);
        }

        @Actor
        public void worker() {
            long found = table.find(VNI, KEY);
            if (found != FdbTable.NOT_FOUND) {
                table.refresh(found, KEY, FdbTable.TICK_NS);
            }
        }

        @Arbiter
        public void end(II_Result result) {
            result.r1 = portOf(table, VNI, KEY);
            result.r2 = portOf(table, VNI, OTHER_KEY);
        }
    }

    /** An entry that stands outside its full group is found while others leave that group and pass it. */
    @JCStressTest
    @State
    @Outcome(id = "9", expect = Expect.ACCEPTABLE, desc = "found")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, or another's port")
    public static class Displaced {
        private static final List<Long> KEYS = keysOfFirstGroup(GROUP_SLOTS + 3);

        private final FdbTable table = new FdbTable(2 * GROUP_SLOTS, SEED);
        private final int leaving;

        public Displaced() {
            leaving = table.insert(VNI, KEYS.get(0), 1, 0, 0);
            for (int i = 1; i < GROUP_SLOTS; i++) {
                table.insert(VNI, KEYS.get(i), 1, 0, 0);
            }
            table.insert(VNI, KEYS.get(GROUP_SLOTS), 9, 0, 0);
        }

        @Actor
        public void conductor() {
            int passing = table.insert(VNI, KEYS.get(GROUP_SLOTS + 1), 2, 0, 0);
            table.remove(leaving);
            table.remove(passing);
            table.insert(VNI, KEYS.get(GROUP_SLOTS + 2), 3, 0, 0);
        }

        @Actor
        public void worker(I_Result result) {
            result.r1 = portOf(table, VNI, KEYS.get(GROUP_SLOTS));
        }
    }
}
