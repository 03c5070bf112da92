package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Tables that grow to thousands of prefixes, change and shrink to nothing against a map that is asked for each length
 * in turn.
 */
class AllowedIpsOracleTest {
    private static final int OWNERS = 50;
    private static final int LARGEST = 3_000;

    private final AllowedIps<Integer> table = new AllowedIps<>();
    private final Map<IpPrefix, Integer> model = new HashMap<>();
    private final List<IpPrefix> known = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom(0);
    private boolean isIpv6;

    /**
     * Even ones for IPv4, odd ones for IPv6. The last two are others each time; the name of the failed test tells them.
     */
    static LongStream seeds() {
        long time = System.nanoTime();
        return LongStream.concat(LongStream.range(0, 8), LongStream.of(time, time + 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldAgreeWithMapWhileItGrowsAndShrinks(long seed) {
        random = new SplittableRandom(seed);
        isIpv6 = seed % 2 != 0;
        for (int largest : new int[] {10, 300, LARGEST}) {
            int shapes = random.nextInt(1, 16);
            while (known.size() < largest) {
                put(prefix(shapes));
                check(prefix(shapes).address());
            }
            for (int i = 0; i < largest; i++) {
                change(shapes);
                check(prefix(shapes).address());
                check(near(known.get(random(known.size()))));
            }
            checkLists();
            while (known.size() > largest / 50) {
                remove();
                check(known.isEmpty() ? prefix(shapes).address() : near(known.getLast()));
            }
        }
        while (!known.isEmpty()) {
            remove();
        }
        check(prefix(15).address());
        checkLists();
    }

    private void change(int shapes) {
        int kind = random(100);
        if (kind < 40) {
            put(prefix(shapes));
        } else if (kind < 60) {
            put(known.get(random(known.size())));
        } else if (kind < 99 && known.size() > 1) {
            remove();
        } else if (kind == 99 && known.size() > 200) {
            Integer owner = random(OWNERS);
            table.removeAll(owner);
            model.values().removeIf(owner::equals);
            known.retainAll(model.keySet());
        }
    }

    private void put(IpPrefix prefix) {
        Integer owner = random(OWNERS);
        Integer previous = model.put(prefix.masked(), owner);
        if (previous == null) {
            known.add(prefix.masked());
        }
        assertThat(table.put(prefix, owner)).isEqualTo(previous);
    }

    private void remove() {
        int index = random(known.size());
        IpPrefix prefix = known.set(index, known.getLast());
        known.removeLast();
        Integer owner = Objects.requireNonNull(model.get(prefix));
        assertThat(table.remove(prefix, owner + 1)).isFalse();
        assertThat(table.remove(prefix, owner)).isTrue();
        model.remove(prefix);
    }

    private void check(IpAddress address) {
        table.publish();
        assertThat(table.lookup(address)).as(address.toString()).isEqualTo(longestMatch(address));
    }

    private void checkLists() {
        for (IpPrefix prefix : known) {
            assertThat(table.owner(prefix)).isEqualTo(model.get(prefix));
        }
        for (int i = 0; i < OWNERS; i++) {
            Integer owner = i;
            List<IpPrefix> owned = known.stream().filter(p -> owner.equals(model.get(p))).toList();
            assertThat(table.prefixesOf(owner)).containsExactlyInAnyOrderElementsOf(owned);
        }
    }

    private @Nullable Integer longestMatch(IpAddress address) {
        for (int length = address.width(); length >= 0; length--) {
            Integer owner = model.get(new IpPrefix(address, length).masked());
            if (owner != null) {
                return owner;
            }
        }
        return null;
    }

    /** An address that the prefix holds, or that one bit keeps from it. */
    private IpAddress near(IpPrefix prefix) {
        int hostBits = prefix.address().width() - prefix.length();
        IpAddress address = prefix.address();
        for (int i = 0; i < 4 && hostBits > 0; i++) {
            address = flipped(address, random(hostBits));
        }
        return random.nextBoolean() ? address : flipped(address, random(address.width()));
    }

    private static IpAddress flipped(IpAddress address, int bit) {
        return new IpAddress(
                address.isIpv6(),
                address.high() ^ (bit < 64 ? 0 : 1L << bit - 64),
                address.low() ^ (bit < 64 ? 1L << bit : 0));
    }

    /** Of one of the shapes in the set, host bits kept. */
    private IpPrefix prefix(int shapes) {
        int shape = random(4);
        while ((shapes >> shape & 1) == 0) {
            shape = random(4);
        }
        int width = isIpv6 ? 128 : 32;
        return switch (shape) {
            case 0 -> // Networks scattered over a private range.
                    isIpv6
                            ? ipv6(0xfd00L << 48 | random.nextLong() >>> 16, 0, 44 + random(21))
                            : ipv4(10L << 24 | random(1 << 24), 20 + random(13));
            case 1 -> // Hosts anywhere.
                    isIpv6
                            ? ipv6(random.nextLong(), random.nextLong(), 128)
                            : ipv4(random.nextLong(), 32);
            case 2 -> nested(random(5), random(width + 1)); // Nested, every length.
            default -> // One subnet, and what is around it.
                    isIpv6
                            ? ipv6(0xfd00L << 48, random(1 << 13), 114 + random(15))
                            : ipv4(192L << 24 | random(1 << 13), 18 + random(15));
        };
    }

    private IpPrefix nested(int flips, int length) {
        IpPrefix prefix =
                isIpv6
                        ? ipv6(0xfd00_0000_1234_5678L, 0x0123_4567_89ab_cdefL, length)
                        : ipv4(0x0a0b_0c0d, length);
        IpAddress address = prefix.address();
        for (int i = 0; i < flips; i++) {
            address = flipped(address, random(address.width()));
        }
        return new IpPrefix(address, length);
    }

    private int random(int bound) {
        return random.nextInt(bound);
    }

    private static IpPrefix ipv4(long bits, int length) {
        return new IpPrefix(new IpAddress(false, 0, bits & 0xffff_ffffL), length);
    }

    private static IpPrefix ipv6(long high, long low, int length) {
        return new IpPrefix(new IpAddress(true, high, low), length);
    }
}
