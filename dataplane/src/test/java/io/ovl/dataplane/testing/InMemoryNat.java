package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An address translator of one inner host, in the terms of RFC 4787.
 *
 * <p>Thread: the simulation's.
 */
public final class InMemoryNat {
    /** Whose datagrams pass inwards, and, for the last, whether each destination sees another port. */
    public enum Filtering {
        /** Anyone's. */
        ENDPOINT_INDEPENDENT,
        /** Those from addresses that were sent to. */
        ADDRESS_DEPENDENT,
        /** Those from addresses and ports that were sent to. */
        ADDRESS_AND_PORT_DEPENDENT,
        /** As before, with a mapping of its own for each destination: a symmetric NAT. */
        SYMMETRIC
    }

    private record Key(UdpAddress inner, @Nullable UdpAddress destination) {}

    private static final class Mapping {
        private final Key key;
        private final UdpAddress outer;
        private final Map<UdpAddress, Long> lastSentNs = new LinkedHashMap<>();

        Mapping(Key key, UdpAddress outer) {
            this.key = key;
            this.outer = outer;
        }
    }

    private static final int FIRST_PORT = 20_000;
    private static final long DEFAULT_TIMEOUT_NS = 120_000_000_000L;

    private final ManualClock clock;
    private final IpAddress inside;
    private final Filtering filtering;
    private final Map<Key, Mapping> mappings = new LinkedHashMap<>();
    private IpAddress outside;
    private long timeoutNs = DEFAULT_TIMEOUT_NS;
    private int nextPort = FIRST_PORT;

    InMemoryNat(ManualClock clock, IpAddress inside, IpAddress outside, Filtering filtering) {
        this.clock = clock;
        this.inside = inside;
        this.outside = outside;
        this.filtering = filtering;
    }

    /** How long a mapping outlives the last datagram outwards; inwards does not refresh it (RFC 4787 REQ-6). */
    public void timeoutNs(long value) {
        timeoutNs = value;
    }

    /** Forgets every mapping, as after a restart: the inner host appears from new ports. */
    public void rebind() {
        mappings.clear();
    }

    /** Forgets every mapping and has another outer address from now on. */
    public void rebind(IpAddress newOutside) {
        outside = newOutside;
        rebind();
    }

    IpAddress inside() {
        return inside;
    }

    IpAddress outside() {
        return outside;
    }

    /** The outer source of a datagram outwards. */
    UdpAddress out(UdpAddress inner, UdpAddress destination) {
        Key key = new Key(inner, filtering == Filtering.SYMMETRIC ? destination : null);
        Mapping mapping = mappings.get(key);
        if (mapping == null || mapping.lastSentNs.values().stream().noneMatch(this::isFresh)) {
            mapping = new Mapping(key, new UdpAddress(outside, nextPort++, 0));
            mappings.put(key, mapping);
        }
        mapping.lastSentNs.put(destination, clock.bootTimeNs());
        return mapping.outer;
    }

    /** The inner destination of a datagram inwards, null when it does not pass. */
    @Nullable UdpAddress in(UdpAddress source, UdpAddress destination) {
        for (Mapping mapping : mappings.values()) {
            if (mapping.outer.equals(destination) && passes(mapping, source)) {
                return mapping.key.inner();
            }
        }
        return null;
    }

    private boolean passes(Mapping mapping, UdpAddress source) {
        return mapping.lastSentNs.entrySet().stream()
                .filter(sent -> isFresh(sent.getValue()))
                .anyMatch(sent -> matches(sent.getKey(), source));
    }

    private boolean matches(UdpAddress sentTo, UdpAddress source) {
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> true;
            case ADDRESS_DEPENDENT -> sentTo.ip().equals(source.ip());
            case ADDRESS_AND_PORT_DEPENDENT, SYMMETRIC -> sentTo.equals(source);
        };
    }

    private boolean isFresh(long sentNs) {
        return clock.bootTimeNs() - sentNs < timeoutNs;
    }
}
