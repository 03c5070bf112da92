package io.ovl.config.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "wg0", "site-a.10", "br_1", "a=b+c", "...", "123456789012345"})
    void shouldAcceptNamesThatAreSafeEverywhere(String text) {
        assertThat(InterfaceName.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "/",
                "a b",
                "a\tb",
                "a\n",
                "a\0b",
                "a:b",
                "eth%d",
                "1234567890123456",
                "tap#1",
                "eth0@if",
                "a;b",
                "a$b",
                "a`b",
                "a\"b",
                "a,b",
                "ünïcödé",
                "\u00a0",
                "\u2028",
                "a\u007f",
                "\ud800",
            })
    void shouldRefuseWhatLinuxPathsConfigurationsOrShellsCannotHold(String text) {
        assertThat(InterfaceName.parse(text)).isNull();
        assertThatThrownBy(() -> new InterfaceName(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotRepeatARefusedNameInItsError() {
        assertThatThrownBy(() -> new InterfaceName("../../etc/passwd"))
                .message()
                .doesNotContain("etc");
    }
}
