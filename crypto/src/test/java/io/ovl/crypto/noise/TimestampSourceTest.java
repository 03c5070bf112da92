package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

class TimestampSourceTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @Test
    void shouldIncreaseWhenClockStandsStill() {
        TimestampSource source = new TimestampSource();
        Tai64n latest = source.next(NOON);
        for (int i = 0; i < 1_000; i++) {
            Tai64n next = source.next(NOON);
            assertThat(next).isGreaterThan(latest);
            assertThat(next.nanoseconds()).isBetween(0, 999_999_999);
            latest = next;
        }
    }

    @Test
    void shouldIncreaseWhateverTheClockDoes() {
        SplittableRandom random = new SplittableRandom(1);
        TimestampSource source = new TimestampSource();
        Instant wall = NOON;
        Tai64n latest = source.next(wall);
        for (int i = 0; i < 100_000; i++) {
            wall = wall.plusNanos(random.nextLong(-3_600_000_000_000L, 3_600_000_000_000L));
            Tai64n next = source.next(wall);
            assertThat(next.compareTo(latest)).isPositive();
            assertThat(next.nanoseconds()).isBetween(0, 999_999_999);
            latest = next;
        }
    }

    @Test
    void shouldFollowClockAgainOnceItIsPastTheLatest() {
        TimestampSource source = new TimestampSource();
        source.next(NOON);
        source.next(NOON.minus(Duration.ofHours(1)));
        Instant later = NOON.plusSeconds(1);
        assertThat(source.next(later)).isEqualTo(Tai64n.of(later));
    }

    @Test
    void shouldTellClockThatJumpedIntoFuture() {
        WallClockGuard guard = new WallClockGuard(NOON, 1_000);
        long hourNs = 3_600_000_000_000L;
        assertThat(guard.isPlausible(NOON.plus(Duration.ofHours(24)), 1_000)).isTrue();
        assertThat(guard.isPlausible(NOON.plus(Duration.ofHours(24)).plusNanos(1), 1_000))
                .isFalse();
        assertThat(guard.isPlausible(NOON.plus(Duration.ofHours(25)), 1_000 + hourNs)).isTrue();
        assertThat(guard.isPlausible(NOON.plus(Duration.ofDays(365)), 1_000 + hourNs)).isFalse();
        assertThat(guard.isPlausible(NOON.minus(Duration.ofDays(365)), 1_000)).isTrue();
    }
}
