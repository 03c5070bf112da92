package io.ovl.config.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    /** 253 characters. */
    private static final String LONGEST = "a" + ".a".repeat(126);

    @ParameterizedTest
    @ValueSource(strings = {"example.net:1", "example.net.:1", "my_host:65535", "192.0.2.1:1"})
    void shouldTakeNamesAndAddresses(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @Test
    void shouldTakeTheLongestName() {
        assertThat(HostPort.parse(LONGEST + ":1")).hasToString(LONGEST + ":1");
        assertThat(HostPort.parse(LONGEST + ".:1")).hasToString(LONGEST + ".:1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000, 250_000})
    void shouldRefuseALongerName(int labels) {
        assertThat(HostPort.parse(LONGEST + ".a".repeat(labels) + ":1")).isNull();
    }
}
