package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.ip.Encap;

import org.junit.jupiter.api.Test;

class StagedPacketsTest {
    private final StagedPackets staged = new StagedPackets(4);

    @Test
    void shouldGivePacketsBackInOrderWithWhatBelongsToThem() {
        staged.offer(4096, 1420, 14, Encap.NONE, 7, 1420);
        staged.offer(8192, 65_535, 0, Encap.NONE, 0, 1420);

        assertThat(staged.poll()).isTrue();
        assertThat(staged.slot()).isEqualTo(4096);
        assertThat(staged.frameLength()).isEqualTo(1420);
        assertThat(staged.linkLength()).isEqualTo(14);
        assertThat(staged.vni()).isEqualTo(7);
        assertThat(staged.paddingLimit()).isEqualTo(1420);
        assertThat(staged.encap()).isSameAs(Encap.NONE);
        assertThat(staged.poll()).isTrue();
        assertThat(staged.slot()).isEqualTo(8192);
        assertThat(staged.frameLength()).isEqualTo(65_535);
        assertThat(staged.poll()).isFalse();
    }

    @Test
    void shouldDisplaceTheOldestWhenFull() {
        for (int slot = 0; slot < 4; slot++) {
            assertThat(staged.offer(slot, 100, 0, Encap.NONE, 0, 1420)).isEqualTo(-1);
        }
        assertThat(staged.offer(4, 100, 0, Encap.NONE, 0, 1420)).isZero();
        assertThat(staged.offer(5, 100, 0, Encap.NONE, 0, 1420)).isEqualTo(1);
        assertThat(staged.count()).isEqualTo(4);
        assertThat(staged.poll()).isTrue();
        assertThat(staged.slot()).isEqualTo(2);
    }
}
