package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.dataplane.testing.NetworkNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class InterfaceSetupIT {
    private NetworkNamespace namespace;
    private LinuxTunTap device;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create();
        namespace.ip("link add under type veth peer name far");
        namespace.ip("link set under up mtu 1400");
        namespace.ip("link set far up");
        namespace.ip("address add 192.168.1.1/24 dev under");
        namespace.ip("address add 2001:db8:1::1/64 dev under nodad");
        namespace.ip("route add default via 192.168.1.2");
        device = namespace.call(() -> LinuxTunTap.open("ovl0", false, 1));
    }

    @AfterEach
    void remove() {
        device.close();
        namespace.close();
    }

    @Test
    void shouldSetAddressesRoutesAndTheUnderlaysMtuAndTakeThemBack() {
        String before = state();
        InterfaceSetup setup =
                apply(
                        plan(
                                "auto",
                                List.of("10.0.0.1/24", "fd00::1/64"),
                                List.of("10.0.0.0/24", "10.7.0.0/16", "fd77::/48"),
                                List.of("198.51.100.1")));

        assertThat(namespace.ip("-o address show ovl0")).contains("10.0.0.1/24", "fd00::1/64");
        assertThat(namespace.ip("-o link show ovl0")).contains("mtu 1320", ",UP");
        assertThat(namespace.ip("route show dev ovl0"))
                .contains("10.0.0.0/24 ", "10.7.0.0/16 scope link");
        assertThat(namespace.ip("-6 route show dev ovl0")).contains("fd77::/48");
        assertThat(setup.fwmark()).isZero();

        namespace.run(setup::close);
        namespace.run(setup::close);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void shouldSendAllButTheUnderlayThroughAFullTunnel() {
        String before = state();
        InterfaceSetup setup =
                apply(
                        plan(
                                "auto",
                                List.of("10.0.0.1/32", "fd00::1/128"),
                                List.of("0.0.0.0/0", "::/0"),
                                List.of("198.51.100.1")));

        assertThat(setup.fwmark()).isEqualTo(51820);
        assertThat(namespace.ip("route get 203.0.113.5")).contains("dev ovl0");
        assertThat(namespace.ip("route get 203.0.113.5 mark 51820")).contains("dev under");
        assertThat(namespace.ip("route get 192.168.1.7")).contains("dev under");
        assertThat(namespace.ip("route get 2001:db8:5::1")).contains("dev ovl0");
        assertThat(namespace.ip("route get 2001:db8:1::7")).contains("dev under");

        namespace.run(setup::close);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void shouldTakeBackItsRulesWhenTheInterfaceIsGone() {
        String before = namespace.ip("rule show") + namespace.ip("-6 rule show");
        InterfaceSetup setup =
                apply(plan("auto", List.of(), List.of("0.0.0.0/0", "::/0"), List.of()));
        device.close();

        namespace.run(setup::close);

        assertThat(namespace.ip("rule show") + namespace.ip("-6 rule show")).isEqualTo(before);
    }

    @Test
    void shouldUseTheTableThatIsNamedOrNone() {
        InterfaceSetup named = apply(plan("77", List.of(), List.of("0.0.0.0/0"), List.of()));
        assertThat(namespace.ip("route show table 77")).contains("default dev ovl0");
        assertThat(namespace.ip("route get 203.0.113.5")).contains("dev under");
        namespace.run(named::close);

        InterfaceSetup none = apply(plan("off", List.of(), List.of("10.7.0.0/16"), List.of()));
        assertThat(namespace.ip("route show dev ovl0")).isBlank();
        namespace.run(none::close);
    }

    @Test
    void shouldNameTheLineThatFailedAndUndoTheRest() {
        String before = state();
        namespace.ip("route add 10.7.0.0/16 dev under");

        assertThat(namespace.call(this::refusal))
                .hasMessage("ip -4 route add 10.7.0.0/16 dev ovl0: RTNETLINK answers: File exists");
        namespace.ip("route del 10.7.0.0/16 dev under");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void shouldChangeOnlyWhatIsDifferent() {
        String before = state();
        InterfaceSetup setup =
                apply(plan("auto", List.of("10.0.0.1/24"), List.of("10.7.0.0/16"), List.of()));
        // Whoever touches the route again loses this.
        namespace.ip("route change 10.7.0.0/16 dev ovl0 metric 0 advmss 1000");

        namespace.run(
                () ->
                        setup.change(
                                plan(
                                        "auto",
                                        List.of("10.0.0.1/24", "fd00::1/64"),
                                        List.of("10.7.0.0/16", "10.8.0.0/16", "fd77::/48"),
                                        List.of())));
        assertThat(namespace.ip("route show dev ovl0"))
                .contains("10.8.0.0/16", "10.7.0.0/16 scope link advmss 1000");
        assertThat(namespace.ip("-6 route show dev ovl0")).contains("fd77::/48");

        namespace.run(
                () ->
                        setup.change(
                                plan(
                                        "auto",
                                        List.of("10.0.0.2/24"),
                                        List.of("10.8.0.0/16"),
                                        List.of())));
        assertThat(namespace.ip("-o address show ovl0"))
                .contains("10.0.0.2/24")
                .doesNotContain("10.0.0.1/24", "fd00::1");
        assertThat(namespace.ip("route show dev ovl0"))
                .contains("10.8.0.0/16")
                .doesNotContain("10.7.0.0/16");
        namespace.run(setup::close);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void shouldKeepItsTableAndRulesAcrossAChange() {
        InterfaceSetup setup =
                apply(plan("auto", List.of("10.0.0.1/32"), List.of("0.0.0.0/0"), List.of()));
        String rules = namespace.ip("rule show");

        namespace.run(
                () ->
                        setup.change(
                                plan(
                                        "auto",
                                        List.of("10.0.0.1/32"),
                                        List.of("0.0.0.0/0", "10.7.0.0/16"),
                                        List.of())));
        assertThat(namespace.ip("rule show")).isEqualTo(rules);
        assertThat(setup.fwmark()).isEqualTo(51820);
        namespace.run(setup::close);
    }

    @Test
    void shouldGoBackToTheOldPlanWhenTheNewOneFails() {
        InterfaceSetup setup =
                apply(plan("auto", List.of("10.0.0.1/24"), List.of("10.7.0.0/16"), List.of()));
        namespace.ip("route add 10.9.0.0/16 dev under");
        String before = state4();

        assertThat(
                        namespace.call(
                                () ->
                                        catchThrowableOfType(
                                                DeviceException.class,
                                                () ->
                                                        setup.change(
                                                                plan(
                                                                        "auto",
                                                                        List.of("10.0.0.2/24"),
                                                                        List.of("10.9.0.0/16"),
                                                                        List.of())))))
                .hasMessageContaining("File exists");
        assertThat(state4()).isEqualTo(before);
        namespace.run(setup::close);
    }

    private DeviceException refusal() {
        return catchThrowableOfType(
                DeviceException.class,
                () ->
                        InterfaceSetup.apply(
                                plan(
                                        "auto",
                                        List.of("10.0.0.1/24"),
                                        List.of("10.8.0.0/24", "10.7.0.0/16", "10.0.0.0/8"),
                                        List.of())));
    }

    /** Closing spawns the tool too, so that has to happen in the namespace as well. */
    private InterfaceSetup apply(InterfacePlan plan) {
        return namespace.call(() -> InterfaceSetup.apply(plan));
    }

    /** Without what the kernel adds for IPv6 a while after an interface is up. */
    private String state4() {
        return namespace.ip("-4 -o address show ovl0")
                + namespace.ip("-4 route show table all dev ovl0");
    }

    private String state() {
        return namespace.ip("-brief address show ovl0")
                + namespace.ip("-4 route show table all dev ovl0")
                + namespace.ip("-6 route show table all dev ovl0")
                + namespace.ip("rule show")
                + namespace.ip("-6 rule show");
    }

    private static InterfacePlan plan(
            String table, List<String> addresses, List<String> routes, List<String> endpoints) {
        return new InterfacePlan(
                "ovl0",
                prefixes(addresses),
                0,
                table,
                prefixes(routes),
                endpoints.stream()
                        .map(text -> Objects.requireNonNull(IpAddress.parse(text)))
                        .toList(),
                0);
    }

    private static List<IpPrefix> prefixes(List<String> texts) {
        return texts.stream().map(text -> Objects.requireNonNull(IpPrefix.parse(text))).toList();
    }
}
