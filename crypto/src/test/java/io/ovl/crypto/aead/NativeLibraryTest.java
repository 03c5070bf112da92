package io.ovl.crypto.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

class NativeLibraryTest {
    private final List<Long> freed = new ArrayList<>();

    @Test
    void shouldFreeTheFirstContextWhenTheSecondIsRefused() {
        assertThatThrownBy(
                        () ->
                                NativeLibrary.inArena(
                                        arena -> {
                                            context(arena, 0x1000);
                                            throw new IllegalStateException("no memory");
                                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no memory");
        assertThat(freed).containsExactly(0x1000L);
    }

    @Test
    void shouldLeaveTheArenaToWhatWasMade() {
        try (Arena arena =
                NativeLibrary.inArena(
                        made -> {
                            context(made, 0x1000);
                            return made;
                        })) {
            assertThat(arena.scope().isAlive()).isTrue();
            assertThat(freed).isEmpty();
        }
        assertThat(freed).containsExactly(0x1000L);
    }

    /** What a library has allocated; never touched here. */
    private void context(Arena arena, long address) {
        MemorySegment context =
                MemorySegment.ofAddress(address)
                        .reinterpret(arena, segment -> freed.add(segment.address()));
        assertThat(context.address()).isEqualTo(address);
    }
}
