package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.dataplane.peer.AllowedIps;
import io.ovl.dataplane.testing.Allocation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

/** What runs for every packet allocates nothing, once it is compiled. */
class AllocationTest {
    private static final int ROUND = 5_000;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(80_000));
    private long checked;

    @Test
    void shouldNotAllocateForSegments() {
        byte[] frame = PacketBuilder.tcp4().payload(10_000, 0).buildPartial();
        Segmenter segmenter = new Segmenter();
        assertNothingAllocated(
                () -> {
                    VirtioNetHeader.putPartial(
                            buffer, 0, VirtioNetHeader.GSO_TCPV4, 40, 1400, 20, 16);
                    buffer.putBytes(VirtioNetHeader.LENGTH, frame);
                    for (int count = segmenter.begin(buffer, 0, frame.length, 0);
                            count > 0;
                            count--) {
                        segmenter.next();
                        checked += segmenter.length();
                    }
                });
    }

    @Test
    void shouldNotAllocateForCoalescedPackets() {
        byte[][] packets = new byte[20][];
        PacketBuilder packet = PacketBuilder.tcp6().payload(1000, 0);
        for (int i = 0; i < packets.length; i++) {
            packets[i] = packet.build();
            packet.sequence += 1000;
            packet.acknowledgment += i == 10 ? 1 : 0;
        }
        Coalescer coalescer = new Coalescer((frame, packetCount) -> checked += packetCount);
        assertNothingAllocated(
                () -> {
                    for (int i = 0; i < packets.length; i++) {
                        buffer.putBytes(i * 1500, packets[i]);
                        coalescer.add(buffer, i * 1500, packets[i].length, 0);
                    }
                    coalescer.flush();
                });
    }

    @Test
    void shouldNotAllocateForErrorsAndEcn() {
        byte[] packet = PacketBuilder.udp6().payload(1000, 0).build();
        buffer.putBytes(0, packet);
        assertNothingAllocated(
                () -> {
                    checked += Ecn.outerTrafficClass(buffer, 0);
                    checked += Ecn.decapsulate(buffer, 0, Ecn.CE) ? 1 : 0;
                    checked +=
                            IcmpError.destinationUnreachable(
                                    buffer, 0, packet.length, buffer, 2000);
                    checked += IcmpError.packetTooBig(buffer, 0, packet.length, 1300, buffer, 4000);
                });
    }

    @Test
    void shouldNotAllocateForLookups() {
        AllowedIps<String> allowedIps = new AllowedIps<>();
        for (int i = 0; i < 1000; i++) {
            allowedIps.put(new IpPrefix(new IpAddress(false, 0, i * 77_777L), 32), "four");
            allowedIps.put(new IpPrefix(new IpAddress(true, i, i), 128), "six");
        }
        allowedIps.publish();
        byte[] packet = PacketBuilder.udp6().payload(10, 0).build();
        buffer.putBytes(0, packet);
        assertNothingAllocated(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        checked += allowedIps.lookupIpv4(i * 77_777) == null ? 0 : 1;
                        checked += allowedIps.lookupIpv6(i, i) == null ? 0 : 1;
                        checked += allowedIps.lookupSource(buffer, 0) == null ? 1 : 0;
                    }
                });
    }

    private void assertNothingAllocated(Runnable work) {
        assertThat(Allocation.bytesOf(ROUND, work)).isZero();
        assertThat(checked).isPositive();
    }
}
