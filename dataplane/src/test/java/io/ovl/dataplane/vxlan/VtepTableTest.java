package io.ovl.dataplane.vxlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class VtepTableTest {
    private final VtepTable table = new VtepTable();

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private static Vtep vtep(int vni, String ip, int portId, boolean isConfigured) {
        return new Vtep(vni, new UdpAddress(ip(ip), 4789, 0), portId, isConfigured);
    }

    private int portId(int vni, String text) {
        IpAddress ip = ip(text);
        return table.portId(vni, ip.isIpv6(), ip.high(), ip.low());
    }

    @Test
    void shouldKnowAVtepInItsSegmentAlone() {
        table.add(vtep(0, "192.0.2.2", 7, true));
        table.add(vtep(0xff_ffff, "192.0.2.2", 8, true));
        table.add(vtep(20, "2001:db8::2", 9, true));

        assertThat(portId(0, "192.0.2.2")).isEqualTo(7);
        assertThat(portId(0xff_ffff, "192.0.2.2")).isEqualTo(8);
        assertThat(portId(20, "2001:db8::2")).isEqualTo(9);
        assertThat(portId(20, "192.0.2.2")).isEqualTo(VtepTable.UNKNOWN);
        assertThat(portId(0, "192.0.2.3")).isEqualTo(VtepTable.UNKNOWN);
        assertThat(portId(0, "2001:db8::2")).isEqualTo(VtepTable.UNKNOWN);
    }

    @Test
    void shouldNotTakeAnIpv6AddressForAnIpv4OneWithTheSameBits() {
        table.add(vtep(1, "0.0.0.5", 7, true));

        assertThat(portId(1, "::5")).isEqualTo(VtepTable.UNKNOWN);
    }

    @Test
    void shouldRefuseOwnGroupAndUnspecifiedAddresses() {
        table.ownAddresses(List.of(ip("192.0.2.1"), ip("2001:db8::1")));

        for (String bad :
                List.of(
                        "192.0.2.1",
                        "2001:db8::1",
                        "239.1.1.1",
                        "ff02::1",
                        "0.0.0.0",
                        "::",
                        "255.255.255.255")) {
            assertThatThrownBy(() -> table.add(vtep(1, bad, 2, true)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(ip(bad).toString());
            assertThat(table.mayMeet(1, ip(bad))).isFalse();
        }
        assertThat(table.vteps()).isEmpty();
    }

    @Test
    void shouldRefuseTheSameVtepTwice() {
        table.add(vtep(1, "192.0.2.2", 2, true));

        assertThatThrownBy(() -> table.add(vtep(1, "192.0.2.2", 3, true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(portId(1, "192.0.2.2")).isEqualTo(2);
    }

    @Test
    void shouldBoundWhatAnOpenSegmentTakesIn() {
        for (int i = 0; i < VtepTable.MAX_MET; i++) {
            String address = "10.0." + i / 200 + "." + (1 + i % 200);
            assertThat(table.mayMeet(1, ip(address))).isTrue();
            table.add(vtep(1, address, i + 1, false));
        }

        assertThat(table.mayMeet(1, ip("10.1.0.1"))).isFalse();
        assertThat(table.mayMeet(2, ip("10.1.0.1"))).isTrue();
        for (int i = 0; i < VtepTable.MAX_MET; i++) {
            assertThat(portId(1, "10.0." + i / 200 + "." + (1 + i % 200))).isEqualTo(i + 1);
        }
    }

    @Test
    void shouldForgetARemovedVtep() {
        Vtep vtep = vtep(1, "192.0.2.2", 2, true);
        table.add(vtep);

        assertThat(table.remove(vtep)).isTrue();
        assertThat(table.remove(vtep)).isFalse();
        assertThat(portId(1, "192.0.2.2")).isEqualTo(VtepTable.UNKNOWN);
    }
}
