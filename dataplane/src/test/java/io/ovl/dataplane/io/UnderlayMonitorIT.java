package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.testing.NetworkNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Objects;

class UnderlayMonitorIT {
    private static final long LIMIT_NS = 30_000_000_000L;

    private NetworkNamespace namespace;
    private UnderlayMonitor monitor;
    private int one;

    @BeforeEach
    void create() {
        long startNs = System.nanoTime();
        namespace = NetworkNamespace.create();
        // Otherwise the kernel adds addresses and routes by itself for seconds after a link has
        // come up.
        namespace.command("sysctl -q net.ipv6.conf.default.addr_gen_mode=1");
        for (String link : new String[] {"one", "two"}) {
            namespace.ip("link add " + link + " type veth peer name far-" + link);
            namespace.ip("link set " + link + " up");
            namespace.ip("link set far-" + link + " up");
        }
        // It takes note of a carrier later, too.
        while (namespace.ip("-brief link show up").lines().filter(UnderlayMonitorIT::isUp).count()
                < 5) {
            assertThat(System.nanoTime() - startNs).as("five links come up").isLessThan(LIMIT_NS);
        }
        namespace.ip("address add 10.1.0.1/24 dev one");
        namespace.ip("address add 10.2.0.1/24 dev two");
        namespace.ip("address add 2001:db8:1::1/64 dev one nodad");
        namespace.ip("address add 2001:db8:2::1/64 dev two nodad");
        namespace.ip("route add 10.9.0.0/16 via 10.1.0.2");
        namespace.ip("route add 2001:db8:9::/48 via 2001:db8:1::2");
        one = namespace.call(() -> new LibC().interfaceIndex("one"));
        monitor = namespace.call(UnderlayMonitor::open);
    }

    /** Of loopback the kernel does not know better. */
    private static boolean isUp(String line) {
        return line.matches("\\S+ +(UP|UNKNOWN) .*");
    }

    @AfterEach
    void remove() {
        monitor.close();
        namespace.close();
    }

    @Test
    void shouldNoticeRoutesRulesAndAddresses() {
        assertThat(monitor.hasChanged()).isFalse();
        for (String change :
                new String[] {
                    "route replace 10.9.0.0/16 via 10.2.0.2",
                    "-6 route replace 2001:db8:9::/48 via 2001:db8:2::2",
                    "rule add fwmark 5 table 77",
                    "-6 rule add fwmark 5 table 77",
                    "address add 10.3.0.1/24 dev one",
                    "address del 2001:db8:1::1/64 dev one"
                }) {
            namespace.ip(change);
            assertThat(monitor.hasChanged()).as(change).isTrue();
            assertThat(monitor.hasChanged()).as(change).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1, 10.1.0.1, route replace 10.9.0.0/16 via 10.2.0.2",
        "2001:db8:9::1, 2001:db8:1::1, -6 route replace 2001:db8:9::/48 via 2001:db8:2::2",
        "10.9.0.1, 10.1.0.1, address del 10.1.0.1/24 dev one",
    })
    void shouldDropASourceWhenTheRouteLeavesElsewhere(String to, String from, String change) {
        Endpoint endpoint = new Endpoint(new UdpAddress(ip(to), 1, 0), ip(from), one);
        assertThat(monitor.isSourceRight(endpoint, 0)).isTrue();

        namespace.ip(change);

        assertThat(monitor.isSourceRight(endpoint, 0)).isFalse();
        assertThat(monitor.isSourceRight(endpoint.withoutSource(), 0)).isTrue();
    }

    @Test
    void shouldTellThisHostsAddresses() {
        assertThat(monitor.localAddresses())
                .contains(ip("10.1.0.1"), ip("10.2.0.1"), ip("2001:db8:1::1"), ip("2001:db8:2::1"))
                .doesNotContain(ip("10.1.0.2"));
        namespace.ip("address del 10.1.0.1/24 dev one");
        for (int i = 1; i <= 300; i++) {
            namespace.ip("address add 2001:db8:3::" + i + "/128 dev two nodad");
        }
        assertThat(monitor.localAddresses())
                .hasSizeGreaterThan(300)
                .contains(ip("2001:db8:3::300"))
                .doesNotContain(ip("10.1.0.1"));
    }

    @Test
    void shouldAskWithTheMark() {
        Endpoint endpoint = new Endpoint(new UdpAddress(ip("10.9.0.1"), 1, 0), ip("10.1.0.1"), one);
        namespace.ip("route add default via 10.2.0.2 table 77");
        namespace.ip("rule add fwmark 5 table 77");

        assertThat(monitor.isSourceRight(endpoint, 0)).isTrue();
        assertThat(monitor.isSourceRight(endpoint, 5)).isFalse();
    }

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
