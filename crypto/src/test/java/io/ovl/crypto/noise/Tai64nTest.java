package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HexFormat;

class Tai64nTest {
    private static final int GRANULARITY = 1 << 24;

    @Test
    void shouldLabelEpochAsSpecified() {
        assertThat(hex(Tai64n.of(Instant.EPOCH))).isEqualTo("400000000000000a00000000");
    }

    @Test
    void shouldRoundDownAndStayBelowOneSecond() {
        for (int ns = 0; ns < 1_000_000_000; ns += 999_983) {
            Tai64n label = Tai64n.of(Instant.ofEpochSecond(1_700_000_000, ns));
            assertThat(label.nanoseconds()).isBetween(0, 999_999_999).isLessThanOrEqualTo(ns);
            assertThat(label.nanoseconds() % GRANULARITY).isZero();
            assertThat(ns - label.nanoseconds()).isLessThan(GRANULARITY);
        }
        assertThat(Tai64n.of(Instant.ofEpochSecond(0, 999_999_999)).nanoseconds())
                .isLessThan(1_000_000_000);
    }

    @Test
    void shouldReadWhatItWrote() {
        UnsafeBuffer buffer = new UnsafeBuffer(HexFormat.of().parseHex("400000005b52647b15405610"));
        Tai64n label = Tai64n.read(buffer, 0);
        assertThat(hex(label)).isEqualTo("400000005b52647b15405610");
        assertThat(label.seconds()).isEqualTo((1L << 62) + 0x5b52647b);
    }

    @Test
    void shouldCompareAsItsBytesDo() {
        assertThat(new Tai64n(1, 0)).isGreaterThan(new Tai64n(0, -1));
        assertThat(new Tai64n(0, -1)).isGreaterThan(new Tai64n(0, Integer.MAX_VALUE));
        assertThat(new Tai64n(-1, 0)).isGreaterThan(new Tai64n(Long.MAX_VALUE, 0));
        assertThat(new Tai64n(5, 5)).isEqualByComparingTo(new Tai64n(5, 5));
    }

    @Test
    void shouldCarryIntoNextSecond() {
        Tai64n last = Tai64n.of(Instant.ofEpochSecond(7, 999_999_999));
        assertThat(last.next()).isEqualTo(Tai64n.of(Instant.ofEpochSecond(8)));
    }

    private static String hex(Tai64n label) {
        byte[] bytes = new byte[Tai64n.LENGTH];
        label.write(new UnsafeBuffer(bytes), 0);
        return HexFormat.of().formatHex(bytes);
    }
}
