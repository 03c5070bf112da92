package io.ovl.dataplane.l2;

/**
 * Which port each MAC address is behind, by VNI, MAC address and VLAN id: learned from the source of frames, or static.
 *
 * <p>Learned entries age and move; static ones do neither, count against no limit and are never evicted. When a limit
 * is reached, the least recently seen learned entry of the port that holds most goes.
 *
 * <p>The table is as large as what is in it asks for, and not as its limit allows: half to three quarters full, it
 * stays in the processor's cache for as long as it can. It grows by half, the whole of it at once.
 *
 * <p>Thread: {@link #lookup} and {@link #observe} from any thread, lock-free; everything else from the conductor, the
 * only writer. Workers hand it what they observe through a {@link LearnRing}. Units: {@code vlan} is 0 for untagged
 * frames.
 */
public final class ForwardingDatabase {
    /** Open vSwitch's default as well. */
    public static final int DEFAULT_MAX_ENTRIES = 8192;

    /** Most learned entries that can be set as a limit. */
    public static final int MAX_ENTRIES = 1_000_000;

    /** Most static entries, which are on top of the learned ones. */
    public static final int MAX_STATIC_ENTRIES = 100_000;

    /** Slots of a table that holds little. */
    private static final int MIN_CAPACITY = 28;

    /** Slots of the largest table: the most entries leave nearly half of them free. */
    private static final int MAX_CAPACITY = 2 * MAX_ENTRIES;

    private final SegmentTable segments;
    private final FdbEvents events;
    private final long seed;
    private final FdbHolders holders = new FdbHolders();
    private final FdbCounters counters = new FdbCounters();
    private final FdbAgeing ageing = new FdbAgeing(this);
    private int maxEntries;
    private int maxEntriesPerPort = MAX_ENTRIES;
    private volatile FdbTable table;

    /** @param seed random, unknown outside */
    public ForwardingDatabase(SegmentTable segments, int maxEntries, long seed, FdbEvents events) {
        checkLimit(maxEntries);
        this.segments = segments;
        this.events = events;
        this.seed = seed;
        this.maxEntries = maxEntries;
        table = new FdbTable(MIN_CAPACITY, seed);
    }

    /** The port to which frames for the address go, or {@link Port#NONE}: they are flooded. Any thread. */
    public int lookup(Segment segment, long mac, int vlan) {
        int port = FdbTable.port(table.find(segment.vni(), FdbTable.key(mac, vlan)));
        return port == Port.NONE && mac == segment.ownMac() ? tapId(segment) : port;
    }

    private static int tapId(Segment segment) {
        Port tap = segment.tap();
        return tap == null ? Port.NONE : tap.id();
    }

    /**
     * Judges the source address of a frame from {@code port}, which belongs to the segment, and notes that it was seen,
     * at most twice a second. Any thread.
     */
    public Observation observe(Segment segment, long mac, int vlan, int port, long nowNs) {
        FdbTable current = table;
        long key = FdbTable.key(mac, vlan);
        long found = current.find(segment.vni(), key);
        if (FdbTable.port(found) != port) {
            return observeElsewhere(segment, mac, found, port, nowNs);
        }
        boolean isNews = !FdbTable.isFresh(found, nowNs) && (found & FdbTable.STATIC) == 0;
        return isNews && current.refresh(found, key, nowNs)
                ? Observation.REFRESHED
                : Observation.KNOWN;
    }

    private static Observation observeElsewhere(
            Segment segment, long mac, long found, int port, long nowNs) {
        if (!EthernetFlyweight.isUnicast(mac)) {
            return Observation.INVALID_SOURCE;
        }
        if (mac == segment.ownMac()) {
            return observeOwn(segment, port, nowNs);
        }
        if ((found & FdbTable.STATIC) != 0) {
            return Observation.STATIC_CONFLICT;
        }
        if ((found & FdbTable.HELD) != 0) {
            segment.loopGuard().onSign(nowNs);
            return Observation.HELD;
        }
        SegmentSettings settings = segment.settings();
        return settings.learning() && settings.maxMacs() > 0
                ? Observation.NEEDS_LEARNING
                : Observation.NOT_LEARNED;
    }

    private static Observation observeOwn(Segment segment, int port, long nowNs) {
        if (tapId(segment) == port) {
            return Observation.KNOWN;
        }
        segment.loopGuard().onSign(nowNs);
        return Observation.INVALID_SOURCE;
    }

    /**
     * Applies what a worker observed at {@code seenNs}; what is no longer true or may not be learned changes nothing.
     */
    public void learn(int vni, long mac, int vlan, int port, long seenNs) {
        Segment segment = segments.segment(vni);
        if (segment == null
                || !segment.settings().learning()
                || !segment.hasPort(port)
                || !EthernetFlyweight.isUnicast(mac)
                || mac == segment.ownMac()) {
            return;
        }
        long key = FdbTable.key(mac, vlan);
        long found = table.find(vni, key);
        if (found == FdbTable.NOT_FOUND) {
            if (hasRoomAfterEviction(segment, port)) {
                insert(vni, key, port, 0, seenNs);
                report(FdbEvent.LEARNED, vni, key, port, Port.NONE);
            }
            return;
        }
        int slot = FdbTable.slot(found);
        boolean isFixed = (found & (FdbTable.STATIC | FdbTable.HELD)) != 0;
        if (FdbTable.port(found) == port) {
            table.lastSeenNs(slot, Math.max(seenNs, table.lastSeenNs(slot)));
        } else if (!isFixed && maxEntriesPerPort > 0 && seenNs >= table.lastSeenNs(slot)) {
            move(slot, port, seenNs);
        }
    }

    private void move(int slot, int port, long seenNs) {
        int vni = FdbTable.vni(table.entry(slot));
        long key = table.key(slot);
        int previousPort = FdbTable.port(table.entry(slot));
        if (FdbMoves.isTooMany(table, slot, seenNs)) {
            table.update(slot, previousPort, FdbTable.HELD);
            FdbMoves.hold(table, slot, seenNs);
            report(FdbEvent.HELD, vni, key, previousPort, port);
            return;
        }
        while (holders.countOfPort(port) >= maxEntriesPerPort) {
            evict(holders.victimOfPort(table, port));
        }
        holders.remove(table, slot);
        table.update(slot, port, 0);
        table.lastSeenNs(slot, seenNs);
        holders.add(table, slot);
        report(FdbEvent.MOVED, vni, key, port, previousPort);
    }

    private boolean hasRoomAfterEviction(Segment segment, int port) {
        int maxMacs = segment.settings().maxMacs();
        if (maxMacs == 0 || maxEntries == 0 || maxEntriesPerPort == 0) {
            return false;
        }
        while (holders.countOfPort(port) >= maxEntriesPerPort) {
            evict(holders.victimOfPort(table, port));
        }
        while (holders.countOfSegment(segment.vni()) >= maxMacs) {
            evict(holders.victimOfSegment(table, segment.vni(), port));
        }
        while (holders.count() >= maxEntries) {
            evict(holders.victim(table, port));
        }
        return true;
    }

    private void evict(int slot) {
        remove(slot, FdbEvent.EVICTED);
    }

    /** Adds a static entry, in place of a learned one; false when there is a static one already. */
    public boolean addStatic(int vni, long mac, int vlan, int port, long nowNs) {
        if ((table.find(vni, FdbTable.key(mac, vlan)) & FdbTable.STATIC) != 0) {
            return false;
        }
        replaceStatic(vni, mac, vlan, port, nowNs);
        return true;
    }

    /** Adds a static entry, in place of any other. */
    public void replaceStatic(int vni, long mac, int vlan, int port, long nowNs) {
        if (!EthernetFlyweight.isUnicast(mac)) {
            throw new IllegalArgumentException(MacText.format(mac) + " is not a host's address");
        }
        if (staticCount() >= MAX_STATIC_ENTRIES) {
            throw new IllegalStateException(
                    "there are " + MAX_STATIC_ENTRIES + " static entries already");
        }
        long key = FdbTable.key(mac, vlan);
        long found = table.find(vni, key);
        if (found != FdbTable.NOT_FOUND) {
            removeSilently(FdbTable.slot(found));
        }
        insert(vni, key, port, FdbTable.STATIC, nowNs);
        report(FdbEvent.ADDED, vni, key, port, Port.NONE);
    }

    /** Deletes an entry of either kind; false when there is none. */
    public boolean delete(int vni, long mac, int vlan) {
        long found = table.find(vni, FdbTable.key(mac, vlan));
        if (found == FdbTable.NOT_FOUND) {
            return false;
        }
        remove(FdbTable.slot(found), FdbEvent.DELETED);
        return true;
    }

    /**
     * Deletes the learned entries of all segments and ports, or with {@code withStatic} all entries; returns how many.
     */
    public int flush(boolean withStatic) {
        return flush(-1, Port.NONE, withStatic);
    }

    /** Deletes a segment's learned entries, or with {@code withStatic} all of its entries; returns how many. */
    public int flushSegment(int vni, boolean withStatic) {
        int flushed = flush(vni, Port.NONE, withStatic);
        holders.forgetSegment(vni);
        return flushed;
    }

    /** Deletes a port's learned entries, or with {@code withStatic} all of its entries; returns how many. */
    public int flushPort(int port, boolean withStatic) {
        int flushed = flush(-1, port, withStatic);
        holders.forgetPort(port);
        return flushed;
    }

    /** Deletes a port's learned entries in one segment, or with {@code withStatic} all of them; returns how many. */
    public int flushPortInSegment(int vni, int port, boolean withStatic) {
        return flush(vni, port, withStatic);
    }

    private int flush(int vni, int port, boolean withStatic) {
        int flushed = 0;
        for (int slot = 0; slot < table.capacity(); slot++) {
            long entry = table.entry(slot);
            boolean isMatch =
                    table.isUsed(slot)
                            && (vni < 0 || FdbTable.vni(entry) == vni)
                            && (port == Port.NONE || FdbTable.port(entry) == port)
                            && (withStatic || (entry & FdbTable.STATIC) == 0);
            if (isMatch) {
                remove(slot, FdbEvent.DELETED);
                flushed++;
            }
        }
        return flushed;
    }

    /** Shows every entry. */
    public void forEach(FdbVisitor visitor, long nowNs) {
        for (int slot = 0; slot < table.capacity(); slot++) {
            if (table.isUsed(slot)) {
                visit(slot, visitor, nowNs);
            }
        }
    }

    /** Shows one entry; false when there is none. */
    public boolean find(int vni, long mac, int vlan, FdbVisitor visitor, long nowNs) {
        long found = table.find(vni, FdbTable.key(mac, vlan));
        if (found == FdbTable.NOT_FOUND) {
            return false;
        }
        visit(FdbTable.slot(found), visitor, nowNs);
        return true;
    }

    private void visit(int slot, FdbVisitor visitor, long nowNs) {
        long entry = table.entry(slot);
        long key = table.key(slot);
        visitor.onEntry(
                FdbTable.vni(entry),
                FdbTable.keyMac(key),
                FdbTable.keyVlan(key),
                FdbTable.port(entry),
                (entry & FdbTable.STATIC) != 0 ? FdbState.STATIC : FdbState.LEARNED,
                Math.max(0, nowNs - table.lastSeenNs(slot)));
    }

    /**
     * Ages entries and ends holds, a slice of the table at a time; to be called at least every 100 ms. Returns what it
     * did.
     */
    public int sweep(long nowNs) {
        int changes = ageing.sweep(table, segments, nowNs);
        if (table.capacity() > MIN_CAPACITY && table.count() < table.capacity() / 8) {
            rebuild(Math.max(MIN_CAPACITY, 2 * table.count()));
        }
        return changes;
    }

    /** Changes the limit of the whole table and evicts what is over it. */
    public void maxEntries(int value) {
        checkLimit(value);
        maxEntries = value;
        trim();
    }

    /** Changes the limit of every single port; it holds from the port's next entry on. */
    public void maxEntriesPerPort(int value) {
        checkLimit(value);
        maxEntriesPerPort = value;
    }

    /** Evicts what is over the limits of the table and of its segments, after a limit has changed. */
    public void trim() {
        for (Segment segment : segments.segments()) {
            while (holders.countOfSegment(segment.vni()) > segment.settings().maxMacs()) {
                evict(holders.victimOfSegment(table, segment.vni(), Port.NONE));
            }
        }
        while (holders.count() > maxEntries) {
            evict(holders.victim(table, Port.NONE));
        }
    }

    public int maxEntries() {
        return maxEntries;
    }

    int capacity() {
        return table.capacity();
    }

    public int learnedCount() {
        return holders.count();
    }

    public int learnedCountOfPort(int port) {
        return holders.countOfPort(port);
    }

    public int learnedCountOfSegment(int vni) {
        return holders.countOfSegment(vni);
    }

    /** Whether any entry leads to the port. */
    public boolean hasEntries(int port) {
        if (holders.countOfPort(port) > 0) {
            return true;
        }
        for (int slot = 0; staticCount() > 0 && slot < table.capacity(); slot++) {
            if (table.isUsed(slot) && FdbTable.port(table.entry(slot)) == port) {
                return true;
            }
        }
        return false;
    }

    public int staticCount() {
        return table.count() - holders.count();
    }

    public FdbCounters counters() {
        return counters;
    }

    void age(int slot) {
        remove(slot, FdbEvent.AGED);
    }

    void release(int slot) {
        long entry = table.entry(slot);
        table.update(slot, FdbTable.port(entry), 0);
        FdbMoves.release(table, slot);
        report(
                FdbEvent.RELEASED,
                FdbTable.vni(entry),
                table.key(slot),
                FdbTable.port(entry),
                Port.NONE);
    }

    private void insert(int vni, long key, int port, long flags, long nowNs) {
        if (table.count() >= table.capacity() / 4 * 3) {
            rebuild(Math.min(table.capacity() / 2 * 3, MAX_CAPACITY));
        }
        int slot = table.insert(vni, key, port, flags, nowNs);
        if (flags == 0) {
            holders.add(table, slot);
        }
    }

    private void remove(int slot, FdbEvent event) {
        long entry = table.entry(slot);
        long key = table.key(slot);
        removeSilently(slot);
        report(event, FdbTable.vni(entry), key, FdbTable.port(entry), Port.NONE);
    }

    private void removeSilently(int slot) {
        if (table.heapPosition(slot) >= 0) {
            holders.remove(table, slot);
        }
        table.remove(slot);
    }

    /**
     * Workers go on with the old table until they see the new one; what they note in it meanwhile is lost, at most a
     * refresh.
     */
    private void rebuild(int capacity) {
        FdbTable next = new FdbTable(capacity, seed);
        for (int from = 0; from < table.capacity(); from++) {
            if (table.isUsed(from)) {
                holders.relocate(next, next.insert(table, from));
            }
        }
        table = next;
    }

    private void report(FdbEvent event, int vni, long key, int port, int previousPort) {
        counters.increment(event);
        events.onFdbEvent(
                event, vni, FdbTable.keyMac(key), FdbTable.keyVlan(key), port, previousPort);
    }

    private static void checkLimit(int value) {
        if (value < 0 || value > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "a limit of entries is 0 to " + MAX_ENTRIES + ", not " + value);
        }
    }
}
