package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.config.model.IpPrefix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

class InterfaceCommandsTest {
    @Test
    void shouldRouteLongestPrefixFirstAndMaskHostBits() {
        InterfacePlan plan =
                plan("auto", List.of(), List.of("10.0.0.9/8", "10.1.2.0/24", "192.0.2.1/32"));

        assertThat(InterfaceCommands.routes(plan, false, 51820, 32764))
                .containsExactly(
                        "route add 192.0.2.1/32 dev ovl0",
                        "route add 10.1.2.0/24 dev ovl0",
                        "route add 10.0.0.0/8 dev ovl0");
        assertThat(InterfaceCommands.routes(plan, true, 51820, 32764)).isEmpty();
    }

    @Test
    void shouldLeaveOutWhatAnAddressAlreadyConnects() {
        InterfacePlan plan =
                plan(
                        "auto",
                        List.of("10.1.0.1/16", "10.9.0.1/32"),
                        List.of("10.1.2.0/24", "10.1.0.0/16", "10.0.0.0/8", "10.9.0.1/32"));

        assertThat(InterfaceCommands.routes(plan, false, 51820, 32764))
                .containsExactly("route add 10.9.0.1/32 dev ovl0", "route add 10.0.0.0/8 dev ovl0");
    }

    @Test
    void shouldLeadTheUnderlayAroundADefaultRoute() {
        InterfacePlan plan = plan("auto", List.of(), List.of("::/0", "0.0.0.0/0"));

        assertThat(InterfaceCommands.routes(plan, true, 51820, 32764))
                .containsExactly(
                        "route add ::/0 dev ovl0 table 51820",
                        "rule add pref 32764 table main suppress_prefixlength 0",
                        "rule add pref 32765 not fwmark 51820 table 51820");
    }

    @Test
    void shouldPutAllRoutesIntoATableThatIsNamed() {
        InterfacePlan plan =
                plan("100", List.of("10.0.0.1/24"), List.of("10.0.0.0/24", "0.0.0.0/0"));

        assertThat(InterfaceCommands.routes(plan, false, 0, 32764))
                .containsExactly(
                        "route add 10.0.0.0/24 dev ovl0 table 100",
                        "route add 0.0.0.0/0 dev ovl0 table 100");
    }

    @Test
    void shouldInvertTheLastFirst() {
        assertThat(
                        InterfaceCommands.inverse(
                                List.of(
                                        "address add 10.0.0.1/24 dev ovl0",
                                        "link set dev ovl0 mtu 1420 up",
                                        "rule add pref 1 table main suppress_prefixlength 0")))
                .containsExactly(
                        "rule delete pref 1 table main suppress_prefixlength 0",
                        "link set dev ovl0 down",
                        "address delete 10.0.0.1/24 dev ovl0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-4", "two words", "line\nbreak", "quote'", "semi;colon"})
    void shouldRefuseWordsThatTheToolWouldReadAsSomethingElse(String word) {
        assertThatThrownBy(() -> plan(word, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                new InterfacePlan(
                                        word, List.of(), 0, "auto", List.of(), List.of(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static InterfacePlan plan(String table, List<String> addresses, List<String> routes) {
        return new InterfacePlan(
                "ovl0", prefixes(addresses), 0, table, prefixes(routes), List.of(), 0);
    }

    private static List<IpPrefix> prefixes(List<String> texts) {
        return texts.stream().map(text -> Objects.requireNonNull(IpPrefix.parse(text))).toList();
    }
}
