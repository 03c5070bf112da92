package io.ovl.crypto.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnderLoadTest {
    private static final long SECOND = 1_000_000_000L;

    private final UnderLoad load = new UnderLoad();

    @Test
    void shouldBeginAtAnEighthOfTheQueue() {
        assertThat(load.isUnderLoad(511, 0)).isFalse();
        assertThat(load.isUnderLoad(512, 0)).isTrue();
        assertThat(load.isUnderLoad(4_096, 0)).isTrue();
    }

    @Test
    void shouldLastOneSecondLongerThanTheQueue() {
        assertThat(load.isUnderLoad(512, 0)).isTrue();
        assertThat(load.isUnderLoad(0, SECOND / 2)).isTrue();
        assertThat(load.isUnderLoad(600, SECOND)).isTrue();
        assertThat(load.isUnderLoad(0, 2 * SECOND - 1)).isTrue();
        assertThat(load.isUnderLoad(0, 2 * SECOND)).isFalse();
        assertThat(load.isUnderLoad(511, 2 * SECOND + 1)).isFalse();
    }
}
