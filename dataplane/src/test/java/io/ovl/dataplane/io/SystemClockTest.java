package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.testing.Allocation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

class SystemClockTest {
    private final SystemClock clock = new SystemClock();

    @Test
    void shouldCountFromBootAndNeverGoBack() throws IOException {
        long last = clock.bootTimeNs();
        for (int i = 0; i < 100_000; i++) {
            long next = clock.bootTimeNs();
            assertThat(next).isGreaterThanOrEqualTo(last);
            last = next;
        }
        String uptime = Files.readString(Path.of("/proc/uptime"));
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        assertThat(last / 1e9).isBetween(seconds - 60, seconds + 60);
    }

    @Test
    void shouldAllocateNothing() {
        assertThat(Allocation.bytesOf(10_000, clock::bootTimeNs)).isZero();
    }

    @Test
    void shouldDrawBytesThatDiffer() {
        SecureRandomSource random = new SecureRandomSource();
        byte[] one = new byte[32];
        byte[] other = new byte[32];
        random.nextBytes(one);
        random.nextBytes(other);

        assertThat(one).isNotEqualTo(other);
        assertThat(IntStream.generate(random::nextInt).limit(4).distinct().count())
                .isGreaterThan(1);
    }
}
