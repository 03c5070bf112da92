package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** The forwarding database against a map, under random operations. */
class ForwardingDatabaseModelTest {
    private static final int OPERATIONS = 350_000;
    private static final int MAX_ENTRIES = 48;
    private static final int MAX_MACS = 30;
    private static final int MAX_PER_PORT = 20;
    private static final long AGEING_NS = 20_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SWEEP = 900;

    private record Key(int vni, long mac, int vlan) {}

    private static final class Entry {
        private final Key key;
        private int port;
        private final boolean isStatic;
        private boolean isHeld;
        private long lastSeenNs;
        private boolean isTicked = true;
        private long windowUs;
        private int moves;
        private long heldUntilNs;

        Entry(Key key, int port, boolean isStatic, long nowNs) {
            this.key = key;
            this.port = port;
            this.isStatic = isStatic;
            lastSeenNs = nowNs;
        }
    }

    private final Map<Key, Entry> model = new LinkedHashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261, 987_654_321})
    void shouldBehaveAsTheModelDoes(long defaultSeed) {
        long seed = Long.getLong("ovl.seed", defaultSeed);
        SplittableRandom random = new SplittableRandom(seed);
        SegmentFixture fixture = new SegmentFixture(MAX_ENTRIES);
        SegmentSettings settings =
                new SegmentSettings(AGEING_NS, MAX_MACS, true, false, false, false, 0, 0, false);
        Segment[] segments = {
            fixture.segment(1, settings), fixture.segment(2, settings), fixture.segment(3, settings)
        };
        Port[] ports = new Port[5];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = fixture.peer(segments);
        }
        ForwardingDatabase fdb = fixture.fdb;
        fdb.maxEntriesPerPort(MAX_PER_PORT);
        long nowNs = 0;
        long sweptNs = 0;
        long mac = 0;
        int growths = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            // Distinct times make "least recently seen" one entry.
            nowNs += 1 + random.nextInt(60_000_000);
            int capacity = fdb.capacity();
            Segment segment = segments[random.nextInt(segments.length)];
            // Now and then one address speaks everywhere at once, and is held.
            boolean isLoop = i % 5000 < 60;
            mac = isLoop && mac != 0 ? mac : 0x0200_0000_0000L + random.nextInt(60);
            int vlan = random.nextInt(2);
            int port = ports[Math.min(random.nextInt(8), 4)].id();
            Key key = new Key(segment.vni(), mac, vlan);
            int operation = nowNs - sweptNs < SECOND_NS ? random.nextInt(1000) : SWEEP;
            if (operation < SWEEP) {
                Observation observed = fdb.observe(segment, mac, vlan, port, nowNs);
                assertThat(observed)
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(observe(key, port, nowNs));
                if (observed == Observation.NEEDS_LEARNING) {
                    fdb.learn(segment.vni(), mac, vlan, port, nowNs);
                    learn(key, port, nowNs);
                }
            } else if (operation < 940) {
                fixture.sweepAll(nowNs);
                age(fixture.events, nowNs);
                nowNs += SECOND_NS;
                sweptNs = nowNs;
            } else if (operation < 950) {
                assertThat(fdb.addStatic(key.vni, mac, vlan, port, nowNs))
                        .isEqualTo(addStatic(key, port, nowNs));
            } else if (operation < 997) {
                assertThat(fdb.delete(key.vni, mac, vlan)).isEqualTo(model.remove(key) != null);
            } else if (operation < 999) {
                fdb.flushPort(port, operation == 998);
                boolean withStatic = operation == 998;
                model.values().removeIf(e -> e.port == port && (withStatic || !e.isStatic));
            } else {
                fdb.flushSegment(key.vni, true);
                model.keySet().removeIf(k -> k.vni == key.vni);
            }
            assertThat(fdb.lookup(segment, mac, vlan))
                    .as("seed %d step %d", seed, i)
                    .isEqualTo(model.containsKey(key) ? model.get(key).port : Port.NONE);
            if (i % 100 == 0) {
                assertSame(fdb, nowNs, "seed " + seed + " step " + i);
            }
            if (fdb.capacity() != capacity) {
                // What was copied has no tick; what the table grew for came after that.
                boolean isGrown = fdb.capacity() > capacity;
                growths += isGrown ? 1 : 0;
                model.values().forEach(e -> e.isTicked = isGrown && e.key.equals(key));
            }
            if (i % 10_000 == 9_999) {
                fdb.flush(true);
                model.clear();
                fdb.sweep(nowNs);
                nowNs += SECOND_NS;
                sweptNs = nowNs;
            }
            fixture.events.clear();
        }
        assertThat(growths).isGreaterThan(10);
        assertThat(fdb.counters().count(FdbEvent.HELD)).isPositive();
        assertThat(fdb.counters().count(FdbEvent.EVICTED)).isPositive();
        assertThat(fdb.counters().count(FdbEvent.AGED)).isPositive();
    }

    private void assertSame(ForwardingDatabase fdb, long nowNs, String step) {
        Map<Key, String> actual = new HashMap<>();
        fdb.forEach(
                (vni, mac, vlan, port, state, ageNs) ->
                        assertThat(
                                        actual.put(
                                                new Key(vni, mac, vlan),
                                                port + " " + state + " " + ageNs))
                                .isNull(),
                nowNs);
        Map<Key, String> expected = new HashMap<>();
        for (Entry entry : model.values()) {
            FdbState state = entry.isStatic ? FdbState.STATIC : FdbState.LEARNED;
            long ageNs = nowNs - entry.lastSeenNs;
            expected.put(entry.key, entry.port + " " + state + " " + Math.max(0, ageNs));
        }
        assertThat(actual).as(step).isEqualTo(expected);
        assertThat(fdb.learnedCount()).isEqualTo(learned().size());
        assertThat(fdb.learnedCount()).isLessThanOrEqualTo(MAX_ENTRIES);
    }

    private Observation observe(Key key, int port, long nowNs) {
        Entry entry = model.get(key);
        if (entry == null) {
            return Observation.NEEDS_LEARNING;
        }
        if (entry.port != port) {
            return entry.isStatic
                    ? Observation.STATIC_CONFLICT
                    : entry.isHeld ? Observation.HELD : Observation.NEEDS_LEARNING;
        }
        boolean isSameTick = nowNs / FdbTable.TICK_NS == entry.lastSeenNs / FdbTable.TICK_NS;
        if (entry.isStatic || entry.isTicked && isSameTick) {
            return Observation.KNOWN;
        }
        entry.isTicked = true;
        entry.lastSeenNs = nowNs;
        return Observation.REFRESHED;
    }

    private void learn(Key key, int port, long nowNs) {
        Entry entry = model.get(key);
        if (entry != null) {
            move(entry, port, nowNs);
            return;
        }
        makeRoomAtPort(port);
        while (learned().stream().filter(e -> e.key.vni == key.vni).count() >= MAX_MACS) {
            evictFromLargest(learned().stream().filter(e -> e.key.vni == key.vni).toList(), port);
        }
        while (learned().size() >= MAX_ENTRIES) {
            evictFromLargest(learned(), port);
        }
        model.put(key, new Entry(key, port, false, nowNs));
    }

    private void move(Entry entry, int port, long nowNs) {
        long nowUs = nowNs / 1000;
        if (entry.moves == 0 || nowUs - entry.windowUs > 1_000_000) {
            entry.windowUs = nowUs;
            entry.moves = 0;
        }
        entry.moves++;
        if (entry.moves > 5) {
            entry.isHeld = true;
            entry.heldUntilNs = nowNs + 60_000_000_000L;
            return;
        }
        makeRoomAtPort(port);
        entry.port = port;
        entry.isTicked = true;
        entry.lastSeenNs = nowNs;
    }

    private void makeRoomAtPort(int port) {
        while (learned().stream().filter(e -> e.port == port).count() >= MAX_PER_PORT) {
            evictOldest(learned().stream().filter(e -> e.port == port).toList());
        }
    }

    private void evictFromLargest(List<Entry> entries, int forPort) {
        Map<Integer, Long> counts =
                entries.stream().collect(Collectors.groupingBy(e -> e.port, Collectors.counting()));
        long most = counts.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        Set<Integer> largest = new HashSet<>(counts.keySet());
        counts.forEach(
                (port, count) -> {
                    if (count < most) {
                        largest.remove(port);
                    }
                });
        if (largest.contains(forPort)) {
            evictOldest(entries.stream().filter(e -> e.port == forPort).toList());
        } else {
            evictOldest(entries.stream().filter(e -> largest.contains(e.port)).toList());
        }
    }

    private void evictOldest(List<Entry> entries) {
        Entry oldest =
                entries.stream().min(Comparator.comparingLong(e -> e.lastSeenNs)).orElseThrow();
        model.remove(oldest.key);
    }

    private boolean addStatic(Key key, int port, long nowNs) {
        Entry entry = model.get(key);
        if (entry != null && entry.isStatic) {
            return false;
        }
        model.put(key, new Entry(key, port, true, nowNs));
        return true;
    }

    /** A sweep takes 0.9 s of the test's time: which entries go within that is the database's to say, within bounds. */
    private void age(List<String> events, long startNs) {
        long endNs = startNs + 900_000_000L;
        Set<Entry> released = new HashSet<>();
        for (String event : events) {
            String[] words = event.split(" ", -1);
            Key key =
                    new Key(
                            Integer.parseInt(words[1]),
                            Long.parseLong(words[2], 16),
                            Integer.parseInt(words[3]));
            Entry entry = Objects.requireNonNull(model.get(key), event);
            if ("aged".equals(words[0])) {
                assertThat(endNs - entry.lastSeenNs).isGreaterThanOrEqualTo(AGEING_NS);
                assertThat(entry.isStatic || entry.isHeld).isFalse();
                model.remove(key);
            } else {
                assertThat(words[0]).isEqualTo("released");
                assertThat(endNs).isGreaterThanOrEqualTo(entry.heldUntilNs);
                entry.isHeld = false;
                entry.moves = 0;
                released.add(entry);
            }
        }
        for (Entry entry : model.values()) {
            assertThat(entry.isHeld && startNs >= entry.heldUntilNs).isFalse();
            boolean mayAge = !entry.isStatic && !entry.isHeld && !released.contains(entry);
            assertThat(mayAge && startNs - entry.lastSeenNs >= AGEING_NS).isFalse();
        }
    }

    private List<Entry> learned() {
        return model.values().stream().filter(e -> !e.isStatic).toList();
    }
}
