package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortIdMapTest {
    private final PortIdMap<String> map = new PortIdMap<>();

    @Test
    void shouldHaveNothingUnderAnyIdAtFirst() {
        assertThat(map.get(1)).isNull();
        assertThat(map.get(Port.MAX_ID)).isNull();
    }

    @Test
    void shouldKeepEveryValueWhileItGrows() {
        for (int id = 1; id <= Port.MAX_ID; id++) {
            map.put(id, "port " + id);
            assertThat(map.get(id / 2 + 1)).isEqualTo("port " + (id / 2 + 1));
        }
        for (int id = 1; id <= Port.MAX_ID; id++) {
            assertThat(map.get(id)).isEqualTo("port " + id);
        }
    }

    @Test
    void shouldTakeTheHighestIdFirst() {
        map.put(Port.MAX_ID, "last");
        assertThat(map.get(Port.MAX_ID)).isEqualTo("last");
        assertThat(map.get(Port.MAX_ID - 1)).isNull();
    }

    @Test
    void shouldForgetAValueThatIsTakenAway() {
        map.put(7, "seven");
        map.put(7, null);
        map.put(Port.MAX_ID, null);
        assertThat(map.get(7)).isNull();
        assertThat(map.get(Port.MAX_ID)).isNull();
    }
}
