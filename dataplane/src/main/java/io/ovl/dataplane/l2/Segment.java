package io.ovl.dataplane.l2;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One VNI: one broadcast domain with one local TAP and any number of tunnel ports.
 *
 * <p>Thread: the conductor changes it; workers read settings, membership and flood list, each published as a whole.
 */
public final class Segment {
    public static final int MAX_VNI = 0xff_ffff;

    private static final long NO_MAC = -1;

    private final String name;
    private final int vni;
    private final FloodLimiter floodLimiter;
    private final LoopGuard loopGuard;
    private final Map<Integer, Port> ports = new LinkedHashMap<>();
    private final Map<Integer, Port> flooded = new LinkedHashMap<>();

    private volatile SegmentSettings settings;
    private volatile long[] members = new long[0];
    private volatile FloodList floodList = FloodList.EMPTY;
    private volatile @Nullable Port tap;
    private volatile long ownMac = NO_MAC;

    public Segment(String name, int vni, SegmentSettings settings) {
        if (vni < 0 || vni > MAX_VNI) {
            throw new IllegalArgumentException("a VNI is 0 to " + MAX_VNI + ", not " + vni);
        }
        this.name = name;
        this.vni = vni;
        this.settings = settings;
        floodLimiter = new FloodLimiter(settings.floodLimit());
        loopGuard = new LoopGuard();
    }

    public String name() {
        return name;
    }

    public int vni() {
        return vni;
    }

    public SegmentSettings settings() {
        return settings;
    }

    /** Replaces the settings, all at once. */
    public void settings(SegmentSettings value) {
        settings = value;
        floodLimiter.framesPerSecond(value.floodLimit());
    }

    public LoopGuard loopGuard() {
        return loopGuard;
    }

    public FloodList floodList() {
        return floodList;
    }

    /** The local port, null before there is one. */
    public @Nullable Port tap() {
        return tap;
    }

    /** The TAP's own MAC address, which comes from no other port; negative when there is none. */
    public long ownMac() {
        return ownMac;
    }

    /** Sets the TAP's own MAC address. */
    public void ownMac(long mac) {
        ownMac = mac;
    }

    /** Adds a port that frames are flooded to. */
    public void addPort(Port port) {
        addPorts(List.of(port));
    }

    /** Adds ports that frames are flooded to, all at once. */
    public void addPorts(Collection<Port> added) {
        for (Port port : added) {
            flooded.put(port.id(), port);
            put(port);
        }
        publish();
    }

    /**
     * Adds a port that may send and be sent to, but that nothing is flooded to: a VTEP that was met, not configured.
     */
    public void addSilentPort(Port port) {
        put(port);
        publish();
    }

    private void put(Port port) {
        if (!port.isTunnel()) {
            tap = port;
        }
        ports.put(port.id(), port);
    }

    /** Removes a port. The caller flushes its entries afterwards. */
    public void removePort(Port port) {
        if (port.equals(tap)) {
            tap = null;
            ownMac = NO_MAC;
        }
        ports.remove(port.id());
        flooded.remove(port.id());
        publish();
    }

    /** Whether the port belongs to this segment: what a peer or a VTEP must do to send to it. */
    public boolean hasPort(int portId) {
        long[] bits = members;
        int word = portId >> 6;
        return word < bits.length && (bits[word] >>> portId & 1) != 0;
    }

    /** All ports; conductor only. */
    public Collection<Port> ports() {
        return Collections.unmodifiableCollection(ports.values());
    }

    /**
     * Whether {@code count} more flooded frames are within the segment's limit. During a loop each counts for many, so
     * that what circulates is kept to a trickle without a second limiter.
     */
    public boolean mayFlood(int count, long nowNs) {
        return floodLimiter.tryAcquire(
                loopGuard.isLooping(nowNs) ? count * LoopGuard.FLOOD_COST : count, nowNs);
    }

    private void publish() {
        int last = ports.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        long[] bits = new long[(last >> 6) + 1];
        for (int id : ports.keySet()) {
            bits[id >> 6] |= 1L << id;
        }
        members = bits;
        floodList = FloodList.of(flooded.values());
    }
}
