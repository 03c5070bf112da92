package io.ovl.dataplane.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacketPoolTest {
    private final PacketPool pool = new PacketPool(2);

    @Test
    void shouldHandOutEachSlotOnceUntilNoneIsLeft() {
        int first = pool.acquire();
        int second = pool.acquire();
        assertThat(first).isNotEqualTo(second);
        assertThat(pool.acquire()).isEqualTo(-1);
        assertThat(pool.outstanding()).isEqualTo(2);
    }

    @Test
    void shouldHandOutTheSlotReleasedLast() {
        int first = pool.acquire();
        pool.release(first);
        assertThat(pool.acquire()).isEqualTo(first);
    }

    @Test
    void shouldHoldTheLargestFrameWithItsPaddingInEachSlot() {
        assertThat(PacketPool.PACKET_CAPACITY).isGreaterThanOrEqualTo(10 + 22 + 65_535 + 16);
    }
}
