package io.ovl.dataplane.vxlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.stats.DropReason;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Other VTEPs' packets as captured on the wire: what stands outside is the IP and UDP that L2 standard carries too. */
class VxlanCaptureTest {
    private static final Path CAPTURES = Path.of("../../shared/vectors/vxlan");
    private static final int FILE_HEADER_LENGTH = 24;
    private static final int OUTER_LINK_LENGTH = 14;

    private final VxlanDecap decap = new VxlanDecap();

    @ParameterizedTest
    @CsvSource({
        "pcapplusplus-Vxlan1.pcap, 1, 3000001, VXLAN_GBP, 0",
        "pcapplusplus-Vxlan2.pcap, 1, 300, VXLAN_BAD_FLAGS, 0",
        "suricata-vxlan-arp.pcap, 2, 100, , 2",
        "tcpdump-vxlan.pcap, 10, 100, , 2",
        "zeek-vxlan-encapsulated-http.pcap, 12, 1, , 0"
    })
    void shouldDecodeEveryCapturedFrame(
            String file, int expectedFrames, int vni, DropReason underStrict, int expectedArps)
            throws IOException {
        assumeTrue(
                Files.isDirectory(CAPTURES) || System.getenv("CI") != null,
                "the captures are not here");
        ByteBuffer capture =
                ByteBuffer.wrap(Files.readAllBytes(CAPTURES.resolve(file)))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(FILE_HEADER_LENGTH);
        int frames = 0;
        int arps = 0;
        while (capture.hasRemaining()) {
            int length = capture.getInt(capture.position() + 8);
            UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            packet.putBytes(0, capture.array(), capture.position() + 16, length);
            capture.position(capture.position() + 16 + length);
            arps += decode(packet, length, vni, underStrict) ? 1 : 0;
            frames++;
        }
        assertThat(frames).isEqualTo(expectedFrames);
        assertThat(arps).isEqualTo(expectedArps);
    }

    private boolean decode(UnsafeBuffer packet, int length, int vni, DropReason underStrict) {
        int ipLength = length - OUTER_LINK_LENGTH;
        assertThat(VxlanDecap.isStandard(packet, OUTER_LINK_LENGTH, ipLength)).isTrue();
        assertThat(decap.decapStandard(packet, OUTER_LINK_LENGTH, ipLength, true))
                .isEqualTo(underStrict);
        assertThat(decap.decapStandard(packet, OUTER_LINK_LENGTH, ipLength, false)).isNull();
        assertThat(decap.vni()).isEqualTo(vni);
        int frame = decap.frameOffset();
        int linkLength = EthernetFlyweight.linkLength(packet, frame, decap.frameLength());
        boolean isIp = EthernetFlyweight.isIp(packet, frame, decap.frameLength(), linkLength);
        boolean isArp =
                EthernetFlyweight.etherType(packet, frame, linkLength)
                        == EthernetFlyweight.ETHERTYPE_ARP;
        assertThat(isIp).isNotEqualTo(isArp);
        assertThat(EthernetFlyweight.isUnicast(EthernetFlyweight.source(packet, frame))).isTrue();
        return isArp;
    }
}
