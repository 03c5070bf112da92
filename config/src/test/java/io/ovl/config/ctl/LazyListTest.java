package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class LazyListTest {
    @Test
    void shouldMakeEachElementWhenItIsAskedFor() {
        List<Integer> made = new ArrayList<>();
        List<String> list =
                new LazyList<>(
                        List.of(1, 2, 3),
                        number -> {
                            made.add(number);
                            return "number " + number;
                        });
        assertThat(list.size()).isEqualTo(3);
        assertThat(made).isEmpty();
        assertThat(list.get(1)).isEqualTo("number 2");
        assertThat(made).containsExactly(2);
    }
}
