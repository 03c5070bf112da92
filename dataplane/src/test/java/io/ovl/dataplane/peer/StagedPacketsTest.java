package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagedPacketsTest {
    private final StagedPackets staged = new StagedPackets(4);

    @Test
    void shouldGivePacketsBackInOrderWithTheirLengths() {
        staged.offer(4096, 1420, 14);
        staged.offer(8192, 65_535, 0);
        long first = staged.poll();
        long second = staged.poll();
        assertThat(StagedPackets.slotOf(first)).isEqualTo(4096);
        assertThat(StagedPackets.frameLengthOf(first)).isEqualTo(1420);
        assertThat(StagedPackets.linkLengthOf(first)).isEqualTo(14);
        assertThat(StagedPackets.slotOf(second)).isEqualTo(8192);
        assertThat(StagedPackets.frameLengthOf(second)).isEqualTo(65_535);
        assertThat(staged.poll()).isEqualTo(-1);
    }

    @Test
    void shouldDisplaceTheOldestWhenFull() {
        for (int slot = 0; slot < 4; slot++) {
            assertThat(staged.offer(slot, 100, 0)).isEqualTo(-1);
        }
        assertThat(staged.offer(4, 100, 0)).isZero();
        assertThat(staged.offer(5, 100, 0)).isEqualTo(1);
        assertThat(staged.count()).isEqualTo(4);
        assertThat(StagedPackets.slotOf(staged.poll())).isEqualTo(2);
    }
}
