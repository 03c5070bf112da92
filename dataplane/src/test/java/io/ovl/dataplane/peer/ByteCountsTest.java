package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteCountsTest {
    private static final int WORKERS = 2;
    private static final int ROUNDS = 100_000;

    private final ByteCounts counts = new ByteCounts(WORKERS);

    @Test
    void shouldSumWhatEachWriterCounted() {
        counts.addRx(ByteCounts.CONDUCTOR, 1);
        counts.addRx(0, 20);
        counts.addRx(1, 300);
        counts.addTx(ByteCounts.CONDUCTOR, 4);
        counts.addTx(1, 50);
        counts.addTx(1, 600);

        assertThat(counts.rx()).isEqualTo(321);
        assertThat(counts.tx()).isEqualTo(654);
    }

    @Test
    void shouldLoseNothingWhenAllWritersCountAtOnce() throws InterruptedException {
        Thread[] writers = new Thread[WORKERS + 1];
        for (int i = 0; i < writers.length; i++) {
            int writer = i + ByteCounts.CONDUCTOR;
            writers[i] =
                    new Thread(
                            () -> {
                                for (int round = 0; round < ROUNDS; round++) {
                                    counts.addRx(writer, 1);
                                    counts.addTx(writer, 2);
                                }
                            });
            writers[i].start();
        }
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(counts.rx()).isEqualTo((WORKERS + 1L) * ROUNDS);
        assertThat(counts.tx()).isEqualTo((WORKERS + 1L) * ROUNDS * 2);
    }
}
