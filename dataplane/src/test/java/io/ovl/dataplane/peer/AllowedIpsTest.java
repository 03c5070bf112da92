package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.jr.ob.JSON;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

class AllowedIpsTest {
    private static final Path OPERATIONS =
            Path.of("../../shared/vectors/wireguard/allowedips-operations.json");

    private final AllowedIps<String> allowedIps = new AllowedIps<>();

    @Test
    void shouldFindNothingWhenEmpty() {
        assertThat(lookup("10.0.0.1")).isNull();
        assertThat(lookup("fd00::1")).isNull();
    }

    @Test
    void shouldPreferLongestPrefix() {
        put("10.0.0.0/8", "a");
        put("10.1.0.0/16", "b");
        put("10.1.2.0/24", "c");
        put("10.1.2.3/32", "d");
        put("0.0.0.0/0", "e");
        allowedIps.publish();
        assertThat(lookup("10.9.9.9")).isEqualTo("a");
        assertThat(lookup("10.1.9.9")).isEqualTo("b");
        assertThat(lookup("10.1.2.9")).isEqualTo("c");
        assertThat(lookup("10.1.2.3")).isEqualTo("d");
        assertThat(lookup("11.0.0.0")).isEqualTo("e");
    }

    @Test
    void shouldTakeEveryPrefixLength() {
        for (String text : List.of("255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
            IpAddress address = address(text);
            for (int length = 0; length <= address.width(); length++) {
                allowedIps.put(new IpPrefix(address, length), "p" + length);
                allowedIps.publish();
                assertThat(lookup(text)).isEqualTo("p" + length);
            }
            for (int length = address.width(); length > 0; length--) {
                assertThat(allowedIps.remove(new IpPrefix(address, length), "p" + length)).isTrue();
                allowedIps.publish();
                assertThat(lookup(text)).isEqualTo("p" + (length - 1));
            }
        }
    }

    @Test
    void shouldKeepFamiliesApart() {
        put("0.0.0.0/0", "four");
        allowedIps.publish();
        assertThat(lookup("::")).isNull();
        put("::/0", "six");
        allowedIps.publish();
        assertThat(lookup("1.2.3.4")).isEqualTo("four");
        assertThat(lookup("fd00::1")).isEqualTo("six");
    }

    @Test
    void shouldIgnoreHostBits() {
        put("10.1.2.3/8", "a");
        put("fd00::ffff/16", "b");
        allowedIps.publish();
        assertThat(lookup("10.200.0.1")).isEqualTo("a");
        assertThat(lookup("fd00:1::")).isEqualTo("b");
        assertThat(allowedIps.prefixesOf("a")).containsExactly(prefix("10.0.0.0/8"));
    }

    @Test
    void shouldMovePrefixToNewOwner() {
        assertThat(put("10.0.0.0/8", "a")).isNull();
        assertThat(put("11.0.0.0/8", "a")).isNull();
        assertThat(put("12.0.0.0/8", "a")).isNull();
        assertThat(put("11.0.0.0/8", "b")).isEqualTo("a");
        allowedIps.publish();
        assertThat(lookup("11.1.1.1")).isEqualTo("b");
        assertThat(allowedIps.prefixesOf("a"))
                .containsExactly(prefix("10.0.0.0/8"), prefix("12.0.0.0/8"));
        assertThat(allowedIps.prefixesOf("b")).containsExactly(prefix("11.0.0.0/8"));
    }

    @Test
    void shouldListPrefixesInOrderInWhichTheyWereLastGiven() {
        put("10.0.0.0/8", "a");
        put("fd00::/8", "a");
        put("9.0.0.0/8", "a");
        assertThat(put("10.0.0.0/8", "a")).isEqualTo("a");
        assertThat(allowedIps.prefixesOf("a"))
                .containsExactly(prefix("fd00::/8"), prefix("9.0.0.0/8"), prefix("10.0.0.0/8"));
    }

    @Test
    void shouldRemoveOnlyWhatOwnerHas() {
        put("10.0.0.0/8", "a");
        put("10.1.0.0/16", "a");
        assertThat(allowedIps.remove(prefix("10.0.0.0/8"), "b")).isFalse();
        assertThat(allowedIps.remove(prefix("10.0.0.0/9"), "a")).isFalse();
        assertThat(allowedIps.remove(prefix("10.0.0.0/8"), "a")).isTrue();
        assertThat(allowedIps.remove(prefix("10.0.0.0/8"), "a")).isFalse();
        allowedIps.publish();
        assertThat(lookup("10.2.0.1")).isNull();
        assertThat(lookup("10.1.0.1")).isEqualTo("a");
    }

    @Test
    void shouldRemoveAllOfOneOwner() {
        put("10.0.0.0/8", "a");
        put("10.1.0.0/16", "b");
        put("fd00::/8", "a");
        allowedIps.removeAll("a");
        allowedIps.removeAll("nobody");
        allowedIps.publish();
        assertThat(lookup("10.2.0.1")).isNull();
        assertThat(lookup("fd00::1")).isNull();
        assertThat(lookup("10.1.0.1")).isEqualTo("b");
        assertThat(allowedIps.prefixesOf("a")).isEmpty();
    }

    @Test
    void shouldShowChangesOnlyWhenPublished() {
        put("10.0.0.0/8", "a");
        put("fd00::/8", "a");
        assertThat(lookup("10.0.0.1")).isNull();
        assertThat(allowedIps.owner(prefix("10.0.0.0/8"))).isEqualTo("a");
        allowedIps.publish();
        allowedIps.removeAll("a");
        put("10.0.0.0/8", "b");
        assertThat(lookup("10.0.0.1")).isEqualTo("a");
        assertThat(lookup("fd00::1")).isEqualTo("a");
        allowedIps.publish();
        assertThat(lookup("10.0.0.1")).isEqualTo("b");
        assertThat(lookup("fd00::1")).isNull();
    }

    @Test
    void shouldLookUpBothEndsOfPackets() {
        put("10.0.0.1/32", "a");
        put("10.0.0.2/32", "b");
        put("fd00::1/128", "c");
        put("fd00::2/128", "d");
        allowedIps.publish();
        UnsafeBuffer packet = new UnsafeBuffer(new byte[60]);
        packet.putByte(7, (byte) 0x45);
        packet.putBytes(7 + 12, address("10.0.0.1").bytes());
        packet.putBytes(7 + 16, address("10.0.0.2").bytes());
        assertThat(allowedIps.lookupSource(packet, 7)).isEqualTo("a");
        assertThat(allowedIps.lookupDestination(packet, 7)).isEqualTo("b");
        packet.putByte(7, (byte) 0x60);
        packet.putBytes(7 + 8, address("fd00::1").bytes());
        packet.putBytes(7 + 24, address("fd00::2").bytes());
        assertThat(allowedIps.lookupSource(packet, 7)).isEqualTo("c");
        assertThat(allowedIps.lookupDestination(packet, 7)).isEqualTo("d");
    }

    @Test
    void shouldAgreeWithLinearScanOnRandomOperations() {
        for (int seed = 0; seed < 20; seed++) {
            runRandomOperations(new SplittableRandom(seed), seed % 2 == 1, 50_000);
        }
    }

    @Test
    void shouldListManyPrefixesInOrder() {
        List<IpPrefix> given = new ArrayList<>();
        for (int i = 0; i < 130_000; i++) {
            long address = (10L << 24 | i * 64L) & 0xffff_ffffL;
            given.add(new IpPrefix(new IpAddress(false, 0, address), 26 + i % 7));
        }
        given.forEach(prefix -> allowedIps.put(prefix, "a"));
        for (int i = 0; i < given.size(); i += 3) {
            allowedIps.put(given.get(i), "b");
        }
        List<IpPrefix> rest = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (i % 3 != 0) {
                rest.add(given.get(i));
            }
        }
        assertThat(allowedIps.prefixesOf("a")).isEqualTo(rest);
        allowedIps.publish();
        for (int i = 0; i < given.size(); i++) {
            assertThat(allowedIps.lookup(given.get(i).address())).isEqualTo(i % 3 == 0 ? "b" : "a");
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void shouldAgreeWithReferenceOperations() throws IOException {
        if (System.getenv("CI") == null) {
            assumeThat(OPERATIONS).exists();
        }
        Map<String, Object> file = JSON.std.mapFrom(Files.readString(OPERATIONS));
        List<Object> operations = new ArrayList<>();
        file.values().forEach(list -> operations.addAll((List<Object>) list));
        assertThat(operations).hasSizeGreaterThanOrEqualTo(63);
        for (Object entry : operations) {
            apply((Map<String, Object>) entry);
        }
    }

    private void apply(Map<String, Object> operation) {
        String peer = Objects.requireNonNullElse((String) operation.get("peer"), "nobody");
        String ip = (String) operation.get("ip");
        Object cidr = operation.get("cidr");
        switch ((String) Objects.requireNonNull(operation.get("op"))) {
            case "insert" -> put(ip + "/" + cidr, peer);
            case "remove" -> allowedIps.remove(prefix(ip + "/" + cidr), peer);
            case "remove_by_peer" -> allowedIps.removeAll(peer);
            case "lookup_is" -> assertThat(lookup(Objects.requireNonNull(ip))).isEqualTo(peer);
            case "lookup_is_not" ->
                    assertThat(lookup(Objects.requireNonNull(ip))).isNotEqualTo(peer);
            default -> throw new AssertionError("unknown operation: " + operation);
        }
        allowedIps.publish();
    }

    private static void runRandomOperations(SplittableRandom random, boolean isIpv6, int count) {
        AllowedIps<Integer> table = new AllowedIps<>();
        Map<IpPrefix, Integer> model = new HashMap<>();
        for (int i = 0; i < count; i++) {
            IpPrefix prefix = randomPrefix(random, isIpv6);
            Integer owner = random.nextInt(8);
            int operation = random.nextInt(100);
            // Few prefixes at a time, so that the scan is quick: what counts is how they lie to
            // each other.
            if (operation < 30 && model.size() < 60) {
                assertThat(table.put(prefix, owner)).isEqualTo(model.put(prefix.masked(), owner));
            } else if (operation < 45 && !model.isEmpty()) {
                IpPrefix known = model.keySet().iterator().next();
                assertThat(table.remove(known, owner)).isEqualTo(model.remove(known, owner));
            } else if (operation == 46) {
                table.removeAll(owner);
                model.values().removeIf(owner::equals);
            } else {
                table.publish();
                IpAddress address = prefix.address();
                assertThat(table.lookup(address)).isEqualTo(scan(model, address));
            }
        }
        for (int owner = 0; owner < 8; owner++) {
            Integer key = owner;
            assertThat(table.prefixesOf(key))
                    .containsExactlyInAnyOrderElementsOf(
                            model.keySet().stream()
                                    .filter(prefix -> key.equals(model.get(prefix)))
                                    .toList());
        }
    }

    /** Host bits kept; the addresses share long prefixes with each other. */
    private static IpPrefix randomPrefix(SplittableRandom random, boolean isIpv6) {
        int width = isIpv6 ? 128 : 32;
        int flips = random.nextInt(4);
        long high = isIpv6 ? 0xfd00_0000_1234_5678L : 0;
        long low = isIpv6 ? 0x0123_4567_89ab_cdefL : 0x0a0b_0c0dL;
        for (int i = 0; i < flips; i++) {
            int bit = random.nextInt(width);
            high ^= bit >= 64 ? 1L << bit - 64 : 0;
            low ^= bit < 64 ? 1L << bit : 0;
        }
        return new IpPrefix(new IpAddress(isIpv6, high, low), random.nextInt(width + 1));
    }

    private static @Nullable Integer scan(Map<IpPrefix, Integer> model, IpAddress address) {
        int longest = -1;
        Integer owner = null;
        for (Map.Entry<IpPrefix, Integer> entry : model.entrySet()) {
            int length = entry.getKey().length();
            boolean isMatch = new IpPrefix(address, length).masked().equals(entry.getKey());
            if (isMatch && length > longest) {
                longest = length;
                owner = entry.getValue();
            }
        }
        return owner;
    }

    private @Nullable String put(String prefix, String owner) {
        return allowedIps.put(prefix(prefix), owner);
    }

    private @Nullable String lookup(String address) {
        return allowedIps.lookup(address(address));
    }

    private static IpPrefix prefix(String text) {
        return Objects.requireNonNull(IpPrefix.parse(text));
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
