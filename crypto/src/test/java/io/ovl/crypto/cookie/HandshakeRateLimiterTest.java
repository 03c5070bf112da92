package io.ovl.crypto.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.testing.SeededRandom;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

class HandshakeRateLimiterTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long START = 100 * SECOND;

    private final HandshakeRateLimiter limiter = new HandshakeRateLimiter(new SeededRandom(1));

    @Test
    void shouldFollowSequenceForSevenAddressesOfEachFamily() {
        long[] waitMs = {0, 0, 0, 0, 0, 0, 50, 0, 100, 0, 0};
        boolean[] allowed = {true, true, true, true, true, false, true, false, true, true, false};
        long now = START;
        for (int step = 0; step < waitMs.length; step++) {
            now += waitMs[step] * MS;
            for (int address = 1; address <= 7; address++) {
                assertThat(limiter.allow(false, 0, address, now))
                        .as("step %d", step)
                        .isEqualTo(allowed[step]);
                assertThat(limiter.allow(true, address, 77, now))
                        .as("step %d", step)
                        .isEqualTo(allowed[step]);
            }
        }
        assertThat(limiter.entries()).isEqualTo(14);
    }

    @Test
    void shouldCountIpv6PerPrefixOfSixtyFourBits() {
        for (int host = 0; host < 5; host++) {
            assertThat(limiter.allow(true, 9, host, START)).isTrue();
        }
        assertThat(limiter.allow(true, 9, 99, START)).isFalse();
        assertThat(limiter.allow(true, 10, 99, START)).isTrue();
        assertThat(limiter.allow(false, 0, 9, START)).isTrue();
    }

    @Test
    void shouldHoldTwentyPerSecondUnderAFlood() {
        int allowed = 0;
        for (long now = START; now < START + 10 * SECOND; now += MS) {
            allowed += limiter.allow(false, 0, 1, now) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(204);
    }

    @Test
    void shouldRefuseNewSourcesWhenFullAndServeKnownOnes() {
        for (int address = 0; address < HandshakeRateLimiter.MAX_ENTRIES; address++) {
            assertThat(limiter.allow(false, 0, address, START)).isTrue();
        }
        assertThat(limiter.allow(false, 0, 1 << 20, START)).isFalse();
        assertThat(limiter.allow(true, 1 << 20, 0, START)).isFalse();
        assertThat(limiter.allow(false, 0, 4_000, START)).isTrue();
        assertThat(limiter.entries()).isEqualTo(HandshakeRateLimiter.MAX_ENTRIES);
        assertThat(limiter.allow(true, 1 << 20, 0, START + SECOND)).isTrue();
        assertThat(limiter.entries()).isEqualTo(1);
    }

    @Test
    void shouldForgetIdleSourcesAndKeepBucketsOfOthers() {
        limiter.allow(false, 0, 1, START);
        for (int i = 0; i < 5; i++) {
            limiter.allow(false, 0, 2, START + 900 * MS);
        }
        assertThat(limiter.entries()).isEqualTo(2);
        assertThat(limiter.allow(false, 0, 3, START + 1_000 * MS)).isTrue();
        assertThat(limiter.entries()).isEqualTo(2);
        // Two tokens came back in the tenth of a second: the bucket survived the sweep.
        assertThat(limiter.allow(false, 0, 2, START + 1_000 * MS)).isTrue();
        assertThat(limiter.allow(false, 0, 2, START + 1_000 * MS)).isTrue();
        assertThat(limiter.allow(false, 0, 2, START + 1_000 * MS)).isFalse();
    }

    @Test
    void shouldAgreeWithMapOfBuckets() {
        SplittableRandom random = new SplittableRandom(5);
        Map<Long, long[]> model = new HashMap<>();
        long now = START;
        for (int i = 0; i < 300_000; i++) {
            now += random.nextLong(2 * MS);
            long address = random.nextLong(200) * 0x1000_0001L;
            boolean isIpv6 = random.nextBoolean();
            long[] bucket =
                    model.computeIfAbsent(
                            isIpv6 ? address : ~address, key -> new long[] {250 * MS, 0});
            long tokens = Math.min(250 * MS, bucket[0] + now - bucket[1]);
            boolean isAllowed = tokens >= 50 * MS;
            bucket[0] = isAllowed ? tokens - 50 * MS : tokens;
            bucket[1] = now;
            assertThat(limiter.allow(isIpv6, isIpv6 ? address : 0, isIpv6 ? i : address, now))
                    .isEqualTo(isAllowed);
        }
    }
}
