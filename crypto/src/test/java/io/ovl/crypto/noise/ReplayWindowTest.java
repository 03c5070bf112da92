package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.testing.Vectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

class ReplayWindowTest {
    private static final long LIMIT = ProtocolLimits.REJECT_AFTER_MESSAGES;

    private ReplayWindow window = new ReplayWindow();
    private int calls;

    @Test
    void shouldFollowRecordedSequence() {
        int steps = 0;
        for (Vectors.Node step :
                Vectors.read("wireguard/replay-window.json").get("single").list()) {
            assertThat(window.accept(Long.parseUnsignedLong(step.get("counter").text())))
                    .as("step %d", step.get("step").number())
                    .isEqualTo(step.get("accept").flag());
            steps++;
        }
        assertThat(steps).isEqualTo(34);
    }

    @Test
    void shouldFollowBulkRuns() {
        int length = ReplayWindow.WINDOW_LENGTH;
        acceptUpwards(1, length);
        expect(0, true);
        expect(0, false);

        window = new ReplayWindow();
        acceptUpwards(2, length + 1);
        expect(1, true);
        expect(0, false);

        window = new ReplayWindow();
        acceptDownwards(length, 0);

        window = new ReplayWindow();
        acceptDownwards(length + 1, 1);
        expect(0, false);

        window = new ReplayWindow();
        acceptDownwards(length, 1);
        expect(length + 1, true);
        expect(0, false);

        window = new ReplayWindow();
        acceptDownwards(length, 1);
        expect(0, true);
        expect(length + 1, true);
        assertThat(calls).isEqualTo(48_779);
    }

    @Test
    void shouldHoldEightThousandOneHundredTwentyEightBehindHighest() {
        for (long highest = 100_000; highest < 100_200; highest++) {
            window = new ReplayWindow();
            expect(highest, true);
            expect(highest - 8_129, false);
            expect(highest - 8_128, true);
            expect(highest - 8_128, false);
        }
    }

    @Test
    void shouldAcceptFourThousandBackAfterJumpOfFiveThousand() {
        expect(0, true);
        expect(5_000, true);
        expect(1_000, true);
        expect(1_000, false);
    }

    @Test
    void shouldForgetNothingWhenJumpingByLessThanRing() {
        acceptUpwards(0, 63);
        expect(8_191, true);
        for (long counter = 63; counter < 128; counter++) {
            expect(counter, counter >= 64);
        }
    }

    @Test
    void shouldRefuseFromLimitOnWithoutMoving() {
        expect(5, true);
        for (long counter : new long[] {LIMIT, LIMIT + 1, -1, Long.MIN_VALUE | LIMIT}) {
            expect(counter, false);
        }
        expect(4, true);
        expect(LIMIT - 1, true);
        expect(LIMIT - 1, false);
        expect(5, false);
    }

    @Test
    void shouldCrossSignBit() {
        expect(Long.MAX_VALUE, true);
        expect(Long.MIN_VALUE, true);
        expect(Long.MAX_VALUE, false);
        expect(Long.MAX_VALUE - 1, true);
        expect(Long.MIN_VALUE + 64, true);
        expect(Long.MIN_VALUE, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithSetOfAllCountersSeen(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Long> seen = new HashSet<>();
        long highest = -1;
        for (int i = 0; i < 200_000; i++) {
            long spread = random.nextInt(100) == 0 ? 20_000 : 9_000;
            long counter =
                    Math.max(
                            0,
                            highest
                                    + random.nextLong(
                                            -spread, random.nextInt(50) == 0 ? 10_000 : 3));
            boolean isFresh =
                    counter > highest || highest - counter <= 8_128 && !seen.contains(counter);
            assertThat(window.accept(counter))
                    .as("seed %d, call %d, counter %d", seed, i, counter)
                    .isEqualTo(isFresh);
            if (isFresh) {
                seen.add(counter);
                highest = Math.max(highest, counter);
            }
        }
    }

    private void acceptUpwards(long first, long last) {
        for (long counter = first; counter <= last; counter++) {
            expect(counter, true);
        }
    }

    private void acceptDownwards(long first, long last) {
        for (long counter = first; counter >= last; counter--) {
            expect(counter, true);
        }
    }

    private void expect(long counter, boolean isAccepted) {
        calls++;
        assertThat(window.accept(counter))
                .as("counter %s", Long.toUnsignedString(counter))
                .isEqualTo(isAccepted);
    }
}
