package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Replies leave from the address that was asked, for as long as that address is there and leads to the peer.
 *
 * <pre>
 *   host a                                host b
 *   wire0  192.0.2.1  ------------------  wire0  192.0.2.2, 192.0.2.3, 2001:db8::2, 2001:db8::3
 *   wire1  198.51.100.1  ---------------  wire1  198.51.100.2
 * </pre>
 */
@NetnsTest
final class StickySourceIT {
    private final TunnelPair pair = new TunnelPair();

    @BeforeEach
    void addSecondAddresses() {
        pair.lab.wire(pair.a, "wire1", pair.b, "wire1");
        pair.a.ip("addr add 198.51.100.1/24 dev wire1");
        pair.b.ip(
                "addr add 198.51.100.2/24 dev wire1",
                "addr add 192.0.2.3/24 dev wire0",
                "addr add 2001:db8::3/64 dev wire0 nodad");
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    @Test
    void shouldReplyFromTheAddressThatWasAsked() {
        for (String address :
                new String[] {
                    "192.0.2.3", "[2001:db8::3]", "192.0.2.2", "[2001:db8::2]", "198.51.100.2"
                }) {
            ask(address);
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelA.endpointOf(pair.tunnelB)).isEqualTo(address + ":51820");
        }
    }

    @Test
    @OvlOnly
    void shouldLeaveFromAnotherAddressOnceTheOldOneIsGone() {
        ask("192.0.2.3");
        assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        pair.b.ip("addr del 192.0.2.3/24 dev wire0");
        assertThat(pair.b.lostPings(TunnelPair.OVERLAY_A, 10, 0.1)).isLessThanOrEqualTo(1);
        assertThat(pair.tunnelA.endpointOf(pair.tunnelB)).isEqualTo("192.0.2.2:51820");
    }

    @Test
    void shouldLeaveFromAnotherIpv6AddressOnceTheOldOneIsGone() {
        ask("[2001:db8::3]");
        assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        pair.b.ip("addr del 2001:db8::3/64 dev wire0");
        assertThat(pair.b.lostPings(TunnelPair.OVERLAY_A, 10, 0.1)).isLessThanOrEqualTo(1);
        assertThat(pair.tunnelA.endpointOf(pair.tunnelB)).isEqualTo("[2001:db8::2]:51820");
    }

    @Test
    void shouldFollowARouteThatMovesToAnotherInterface() {
        pair.a.ip("addr add 203.0.113.1/32 dev lo");
        pair.b.ip("route add 203.0.113.1/32 via 192.0.2.1 dev wire0");
        pair.tunnelB.set("peer", pair.tunnelA.publicKey(), "endpoint", "203.0.113.1:51820");
        assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
        assertThat(pair.tunnelA.endpointOf(pair.tunnelB)).startsWith("192.0.2.");
        pair.tunnelB.set("peer", pair.tunnelA.publicKey(), "endpoint", "203.0.113.1:51820");
        pair.b.ip("route replace 203.0.113.1/32 via 198.51.100.1 dev wire1");
        assertThat(pair.b.lostPings(TunnelPair.OVERLAY_A, 10, 0.1)).isLessThanOrEqualTo(1);
    }

    private void ask(String address) {
        pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "endpoint", address + ":51820");
    }
}
