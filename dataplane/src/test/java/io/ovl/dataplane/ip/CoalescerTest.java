package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.buffer.GatherList;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

class CoalescerTest {
    private static final byte[] TIMESTAMPS = {1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6};

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 20));
    private final List<byte[]> frames = new ArrayList<>();
    private final List<Integer> packetCounts = new ArrayList<>();
    private final Coalescer coalescer = new Coalescer(this::record);
    private int end;

    @BeforeEach
    void startBehindOddOffset() {
        end = 3;
    }

    @Test
    void shouldPassSinglePacketWithPlainHeader() {
        byte[] packet = PacketBuilder.tcp4().payload(100, 0).build();
        add(packet, 0);
        assertThat(frames).isEmpty();
        coalescer.flush();
        assertThat(packetCounts).containsExactly(1);
        assertThat(frames.getFirst()).startsWith(new byte[VirtioNetHeader.LENGTH]);
        assertThat(packet(0)).isEqualTo(packet);
    }

    @Test
    void shouldDescribeTcpSuperPacket() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 100, 100, 100, 40);
        addAll(run);
        assertThat(packetCounts).containsExactly(4);
        PacketBuilder expected = run.getFirst().copy().payload(340, 0);
        assertThat(packet(0)).isEqualTo(expected.buildPartial());
        assertHeader(VirtioNetHeader.GSO_TCPV4, 40, 100, 20, 16);
    }

    @Test
    void shouldDescribeUdpSuperPacketBehindVlanTag() {
        PacketBuilder first = PacketBuilder.udp6();
        first.link = PacketBuilder.QINQ_IPV6;
        addAll(run(first, 50, 50, 50));
        coalescer.flush();
        assertThat(packetCounts).containsExactly(3);
        assertThat(packet(0)).isEqualTo(first.copy().payload(150, 0).buildPartial());
        assertHeader(VirtioNetHeader.GSO_UDP_L4, 22 + 48, 50, 62, 6);
    }

    @Test
    void shouldNotMoveAnyPayload() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 100, 100);
        List<Long> addresses = new ArrayList<>();
        Coalescer watched =
                new Coalescer(
                        (frame, packetCount) -> {
                            for (int i = 1; i < frame.count(); i++) {
                                addresses.add(frame.entryAddress(i) - memory.addressOffset());
                            }
                        });
        int first = end;
        store(run.get(0).build());
        int second = end;
        store(run.get(1).build());
        watched.add(memory, first, 140, 0);
        watched.add(memory, second, 140, 0);
        watched.flush();
        assertThat(addresses).containsExactly((long) first, second + 40L);
    }

    @Test
    void shouldPassPshOnAndEndThere() {
        List<PacketBuilder> run = run(PacketBuilder.tcp6(), 100, 100, 100, 100);
        run.get(1).flags |= TcpFlyweight.PSH;
        addAll(run);
        assertThat(packetCounts).containsExactly(2);
        assertThat(packet(0)[53]).isEqualTo((byte) 0x18);
        coalescer.flush();
        assertThat(packetCounts).containsExactly(2, 2);
        assertThat(packet(1)[53]).isEqualTo((byte) 0x10);
    }

    @Test
    void shouldNotJoinBehindPacketThatWasPushedAlone() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 100, 100);
        run.get(0).flags |= TcpFlyweight.PSH;
        assertNotJoined(run);
    }

    @Test
    void shouldEndAtShorterPacketAndNotJoinLongerOne() {
        addAll(run(PacketBuilder.tcp4(), 100, 99, 99, 100));
        coalescer.flush();
        assertThat(packetCounts).containsExactly(2, 1, 1);
    }

    @Test
    void shouldNotJoinPacketsWithoutPayload() {
        assertNotJoined(run(PacketBuilder.tcp4(), 0, 0));
        assertNotJoined(run(PacketBuilder.udp4(), 0, 0));
        assertNotJoined(run(PacketBuilder.tcp4(), 100, 0));
    }

    @Test
    void shouldNotJoinAcrossGapOrRepetition() {
        assertNotJoinedWhen(PacketBuilder.tcp4(), packet -> packet.sequence++);
        assertNotJoinedWhen(PacketBuilder.tcp4(), packet -> packet.sequence -= 100);
    }

    @Test
    void shouldNotJoinOtherFlows() {
        for (PacketBuilder first :
                List.of(
                        PacketBuilder.tcp4(),
                        PacketBuilder.udp4(),
                        PacketBuilder.tcp6(),
                        PacketBuilder.udp6())) {
            assertNotJoinedWhen(first, packet -> packet.sourcePort++);
            assertNotJoinedWhen(first, packet -> packet.destinationPort++);
            assertNotJoinedWhen(first, packet -> packet.source = changed(packet.source, 0));
            assertNotJoinedWhen(
                    first,
                    packet -> packet.source = changed(packet.source, packet.source.length - 1));
            assertNotJoinedWhen(
                    first, packet -> packet.destination = changed(packet.destination, 1));
            assertNotJoinedWhen(
                    first,
                    packet ->
                            packet.destination =
                                    changed(packet.destination, packet.destination.length - 1));
            assertNotJoinedWhen(first, packet -> packet.isTcp = !packet.isTcp);
        }
    }

    @Test
    void shouldNotJoinDifferentIpFields() {
        for (PacketBuilder first : List.of(PacketBuilder.tcp4(), PacketBuilder.udp6())) {
            assertNotJoinedWhen(first, packet -> packet.ttl--);
            assertNotJoinedWhen(first, packet -> packet.trafficClass = 1);
            assertNotJoinedWhen(first, packet -> packet.trafficClass = 0x80);
        }
        assertNotJoinedWhen(PacketBuilder.udp6(), packet -> packet.flowLabel = 1);
        assertNotJoinedWhen(PacketBuilder.tcp4(), packet -> packet.fragment = 0);
        assertNotJoinedWhen(PacketBuilder.tcp4(), packet -> packet.fragment |= 0x8000);
    }

    @Test
    void shouldNotJoinDifferentTcpFields() {
        PacketBuilder first = PacketBuilder.tcp4();
        first.tcpOptions = TIMESTAMPS;
        assertNotJoinedWhen(first, packet -> packet.acknowledgment++);
        assertNotJoinedWhen(first, packet -> packet.window++);
        assertNotJoinedWhen(first, packet -> packet.urgent++);
        assertNotJoinedWhen(first, packet -> packet.tcpOptions = changed(TIMESTAMPS, 11));
        assertNotJoinedWhen(first, packet -> packet.tcpOptions = changed(TIMESTAMPS, 4));
        assertNotJoinedWhen(first, packet -> packet.tcpOptions = new byte[0]);
    }

    @Test
    void shouldNotJoinPacketsWithAnyOtherTcpFlag() {
        for (int flag : new int[] {0x01, 0x02, 0x04, 0x20, 0x40, 0x80}) {
            assertNotJoinedWhen(PacketBuilder.tcp4(), packet -> packet.flags |= flag);
            PacketBuilder both = PacketBuilder.tcp4();
            both.flags |= flag;
            assertNotJoined(run(both, 100, 100));
        }
        PacketBuilder withoutAck = PacketBuilder.tcp4();
        withoutAck.flags = 0;
        assertNotJoined(run(withoutAck, 100, 100));
        PacketBuilder reserved = PacketBuilder.tcp4();
        reserved.reserved = 1;
        assertNotJoined(run(reserved, 100, 100));
    }

    @Test
    void shouldNotJoinFragmentsOrIpOptionsOrExtensionHeaders() {
        PacketBuilder fragment = PacketBuilder.udp4();
        fragment.fragment = 0x2000;
        assertNotJoined(run(fragment, 100, 100));
        fragment.fragment = 10;
        assertNotJoined(run(fragment, 100, 100));
        PacketBuilder options = PacketBuilder.tcp4();
        options.ipOptions = new byte[] {1, 1, 1, 0};
        assertNotJoined(run(options, 100, 100));
        PacketBuilder extended = PacketBuilder.tcp6();
        extended.extensionHeader = Ipv6Flyweight.DESTINATION_OPTIONS;
        extended.extensions = new byte[] {6, 0, 1, 4, 0, 0, 0, 0};
        assertNotJoined(run(extended, 100, 100));
    }

    @Test
    void shouldJoinConstantIdentificationOnlyWithDontFragment() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 100, 100, 100);
        run.forEach(packet -> packet.identification = 7);
        assertJoined(run);
        run.forEach(packet -> packet.fragment = 0);
        assertNotJoined(run);
    }

    @Test
    void shouldJoinAscendingIdentificationOnlyWithoutGap() {
        PacketBuilder first = PacketBuilder.udp4();
        first.fragment = 0;
        first.identification = 0xffff;
        assertJoined(run(first, 100, 100, 100));
        assertNotJoinedWhen(first, packet -> packet.identification++);
        assertNotJoinedWhen(PacketBuilder.tcp4(), packet -> packet.identification++);
    }

    @Test
    void shouldNotJoinOtherLinkHeaders() {
        PacketBuilder first = PacketBuilder.tcp4();
        first.link = PacketBuilder.VLAN_IPV4;
        for (int i = 0; i < 16; i++) {
            int position = i;
            assertNotJoinedWhen(first, packet -> packet.link = changed(packet.link, position));
        }
        assertNotJoinedWhen(first, packet -> packet.link = PacketBuilder.ETHERNET_IPV4);
    }

    @Test
    void shouldNotTakeOtherEtherTypesForIp() {
        PacketBuilder first = PacketBuilder.tcp4();
        first.link = PacketBuilder.ETHERNET_IPV6;
        assertNotJoined(run(first, 100, 100));
    }

    @Test
    void shouldNotJoinPaddedFrames() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 1, 1);
        run.forEach(packet -> packet.link = PacketBuilder.ETHERNET_IPV4);
        for (PacketBuilder packet : run) {
            add(Arrays.copyOf(packet.build(), 60), 14);
        }
        coalescer.flush();
        assertThat(packetCounts).containsExactly(1, 1);
        assertThat(packet(1)).hasSize(60);
    }

    @Test
    void shouldNotLaunderDamagedPayloads() {
        for (PacketBuilder first :
                List.of(
                        PacketBuilder.tcp4(),
                        PacketBuilder.udp4(),
                        PacketBuilder.tcp6(),
                        PacketBuilder.udp6())) {
            for (int damaged = 0; damaged < 3; damaged++) {
                frames.clear();
                packetCounts.clear();
                List<byte[]> packets = new ArrayList<>();
                run(first, 301, 301, 301).forEach(packet -> packets.add(packet.build()));
                packets.get(damaged)[320] ^= 1;
                packets.forEach(packet -> add(packet, 0));
                coalescer.flush();
                assertThat(packetCounts)
                        .isEqualTo(
                                switch (damaged) {
                                    case 0 -> List.of(1, 2);
                                    case 1 -> List.of(1, 1, 1);
                                    default -> List.of(2, 1);
                                });
                if (packetCounts.get(damaged == 2 ? 1 : damaged) == 1) {
                    assertThat(packet(damaged == 2 ? 1 : damaged)).isEqualTo(packets.get(damaged));
                }
            }
        }
    }

    @Test
    void shouldNotLaunderDamagedIpv4Headers() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 100, 100);
        byte[] second = run.get(1).build();
        second[10] ^= 1;
        add(run.get(0).build(), 0);
        add(second, 0);
        coalescer.flush();
        assertThat(packetCounts).containsExactly(1, 1);
        assertThat(packet(1)).isEqualTo(second);
    }

    @Test
    void shouldNotJoinUdpWithoutChecksum() {
        for (PacketBuilder packet : run(PacketBuilder.udp4(), 100, 100)) {
            byte[] bytes = packet.build();
            bytes[26] = 0;
            bytes[27] = 0;
            add(bytes, 0);
        }
        coalescer.flush();
        assertThat(packetCounts).containsExactly(1, 1);
    }

    @Test
    void shouldNotJoinUdpWithContradictingLength() {
        for (PacketBuilder packet : run(PacketBuilder.udp4(), 100, 100)) {
            byte[] bytes = packet.build();
            bytes[25]--;
            add(bytes, 0);
        }
        coalescer.flush();
        assertThat(packetCounts).containsExactly(1, 1);
    }

    @Test
    void shouldStayWithinLargestPacket() {
        for (PacketBuilder first : List.of(PacketBuilder.tcp4(), PacketBuilder.tcp6())) {
            frames.clear();
            packetCounts.clear();
            int headerLength = first.headerLength();
            int[] lengths = new int[60];
            Arrays.fill(lengths, 1400);
            lengths[59] = 1;
            addAll(run(first, lengths));
            coalescer.flush();
            assertThat(packetCounts).containsExactly(46, 14);
            assertThat(packet(0)).hasSize(headerLength + 46 * 1400);
            end = 3;
        }
        frames.clear();
        packetCounts.clear();
        addAll(run(PacketBuilder.udp4(), 65_000, 507, 1));
        addAll(run(PacketBuilder.udp4(), 65_000, 508));
        coalescer.flush();
        assertThat(packetCounts).containsExactly(2, 1, 1, 1);
        assertThat(packet(0)).hasSize(65_535);
    }

    @Test
    void shouldStayWithinLargestPacketCount() {
        int[] lengths = new int[Coalescer.MAX_PACKETS + 5];
        Arrays.fill(lengths, 2);
        addAll(run(PacketBuilder.udp4(), lengths));
        coalescer.flush();
        assertThat(packetCounts).containsExactly(Coalescer.MAX_PACKETS, 5);
    }

    @Test
    void shouldJoinOnlyWhatTheDeviceTakes() {
        for (boolean tcp : new boolean[] {false, true}) {
            for (boolean udp : new boolean[] {false, true}) {
                packetCounts.clear();
                Coalescer limited = new Coalescer(this::record, tcp, udp);
                for (PacketBuilder first :
                        List.of(
                                PacketBuilder.tcp4(),
                                PacketBuilder.tcp6(),
                                PacketBuilder.udp4(),
                                PacketBuilder.udp6())) {
                    for (PacketBuilder packet : run(first, 100, 100)) {
                        int offset = end;
                        byte[] bytes = packet.build();
                        store(bytes);
                        limited.add(memory, offset, bytes.length, 0);
                    }
                }
                limited.flush();
                assertThat(packetCounts)
                        .hasSize((tcp ? 2 : 4) + (udp ? 2 : 4))
                        .startsWith(tcp ? 2 : 1)
                        .endsWith(udp ? 2 : 1);
            }
        }
    }

    @Test
    void shouldKeepOrderOfInterleavedFlows() {
        List<PacketBuilder> one = run(PacketBuilder.tcp4(), 100, 100, 100);
        PacketBuilder other = PacketBuilder.udp4().payload(20, 9);
        add(one.get(0).build(), 0);
        add(one.get(1).build(), 0);
        add(other.build(), 0);
        add(one.get(2).build(), 0);
        coalescer.flush();
        assertThat(packetCounts).containsExactly(2, 1, 1);
        assertThat(packet(1)).isEqualTo(other.build());
        assertThat(packet(2)).isEqualTo(one.get(2).build());
    }

    @Test
    void shouldStartAnewAfterFlush() {
        List<PacketBuilder> run = run(PacketBuilder.tcp4(), 100, 100);
        add(run.get(0).build(), 0);
        coalescer.flush();
        coalescer.flush();
        add(run.get(1).build(), 0);
        coalescer.flush();
        assertThat(packetCounts).containsExactly(1, 1);
    }

    @Test
    void shouldGiveBackWhatWentInThroughSegmenter() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2000; i++) {
            end = 3;
            frames.clear();
            packetCounts.clear();
            PacketBuilder first = RandomPackets.joinable(random);
            int length = 2 + RandomPackets.payloadLength(random, 60_000);
            int gsoSize =
                    Math.min(
                            length - 1,
                            Math.max(
                                    RandomPackets.payloadLength(random, 4000),
                                    (length + 126) / 127));
            first.payload(length, i);
            first.flags |= first.isTcp && random.nextBoolean() ? TcpFlyweight.PSH : 0;
            byte[] frame = first.buildPartial();
            segmentAndAdd(first, frame, gsoSize);
            coalescer.flush();
            assertThat(packetCounts).containsExactly((length + gsoSize - 1) / gsoSize);
            assertThat(packet(0)).isEqualTo(frame);
            assertHeader(
                    first.gsoType(),
                    first.headerLength(),
                    gsoSize,
                    first.transportStart(),
                    first.checksumOffset());
        }
    }

    @Test
    void shouldDeliverEveryPayloadByteOfRandomTrafficInOrder() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 3000; i++) {
            end = 3;
            frames.clear();
            packetCounts.clear();
            List<byte[]> sent = randomTraffic(random);
            coalescer.flush();
            assertThat(delivered()).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void shouldPassAnythingOnForCorruptInput() {
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 100_000; i++) {
            end = 3;
            frames.clear();
            packetCounts.clear();
            PacketBuilder first = RandomPackets.joinable(random);
            int length = 1 + random.nextInt(100);
            for (PacketBuilder packet : run(first, length, length, length)) {
                byte[] bytes = packet.build();
                for (int flips = random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                int linkLength = random.nextInt(9) == 0 ? random.nextInt(80) : first.link.length;
                add(Arrays.copyOf(bytes, random.nextInt(9) == 0 ? 1 : bytes.length), linkLength);
            }
            coalescer.flush();
            assertThat(packetCounts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
        }
    }

    /** Runs of two flows with changes at random places; each packet once, as the receiver should see it. */
    private List<byte[]> randomTraffic(SplittableRandom random) {
        PacketBuilder[] flows = {RandomPackets.joinable(random), RandomPackets.joinable(random)};
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            PacketBuilder flow = flows[random.nextInt(4) == 0 ? 1 : 0];
            flow.payload(random.nextInt(5) == 0 ? random.nextInt(300) : 200, i);
            switch (random.nextInt(12)) {
                case 0 -> flow.flags ^= TcpFlyweight.PSH;
                case 1 -> flow.acknowledgment++;
                case 2 -> flow.ttl ^= 1;
                case 3 -> flow.identification += 5;
                case 4 -> flow.sequence++;
                default -> {}
            }
            byte[] bytes = flow.build();
            sent.add(bytes);
            add(bytes, flow.link.length);
            flow.sequence += flow.payload.length;
            flow.identification = flow.identification + 1 & 0xffff;
        }
        return sent;
    }

    /** What the frames stand for, by way of the segmenter, which has a reference of its own. */
    private List<byte[]> delivered() {
        Segmenter segmenter = new Segmenter();
        UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));
        List<byte[]> packets = new ArrayList<>();
        for (byte[] frame : frames) {
            copy.putBytes(0, frame);
            int length = frame.length - VirtioNetHeader.LENGTH;
            int linkLength = linkLength(frame);
            for (int count = segmenter.begin(copy, 0, length, linkLength); count > 0; count--) {
                segmenter.next();
                byte[] packet = new byte[segmenter.length()];
                copy.getBytes(segmenter.offset(), packet);
                packets.add(packet);
            }
        }
        return packets;
    }

    private static int linkLength(byte[] frame) {
        UnsafeBuffer view = new UnsafeBuffer(frame);
        if (VirtioNetHeader.gsoType(view, 0) == VirtioNetHeader.GSO_NONE) {
            return 0;
        }
        int start = VirtioNetHeader.checksumStart(view, 0);
        for (int linkLength : new int[] {0, 14, 18, 22}) {
            int version =
                    IpFlyweight.versionOfFrame(
                            view, VirtioNetHeader.LENGTH, frame.length, linkLength);
            if (start - linkLength == (version == 4 ? 20 : version == 6 ? 40 : -1)) {
                return linkLength;
            }
        }
        throw new AssertionError("no IP header before " + start);
    }

    private void segmentAndAdd(PacketBuilder first, byte[] frame, int gsoSize) {
        UnsafeBuffer device = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));
        VirtioNetHeader.putPartial(
                device,
                0,
                first.gsoType(),
                first.headerLength(),
                gsoSize,
                first.transportStart(),
                first.checksumOffset());
        device.putBytes(VirtioNetHeader.LENGTH, frame);
        Segmenter segmenter = new Segmenter();
        int linkLength = first.link.length;
        for (int count = segmenter.begin(device, 0, frame.length, linkLength); count > 0; count--) {
            segmenter.next();
            byte[] packet = new byte[segmenter.length()];
            device.getBytes(segmenter.offset(), packet);
            add(packet, linkLength);
        }
    }

    /** Consecutive packets of one flow with these payload lengths. */
    private static List<PacketBuilder> run(PacketBuilder first, int... lengths) {
        List<PacketBuilder> run = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < lengths.length; i++) {
            PacketBuilder packet = first.copy();
            int total = start + lengths[i];
            packet.payload =
                    Arrays.copyOfRange(first.copy().payload(total, 0).payload, start, total);
            packet.sequence += start;
            packet.identification = packet.identification + i & 0xffff;
            run.add(packet);
            start = total;
        }
        return run;
    }

    private void assertNotJoinedWhen(PacketBuilder first, Consumer<PacketBuilder> change) {
        List<PacketBuilder> run = run(first, 100, 100);
        assertJoined(run);
        change.accept(run.get(1));
        assertNotJoined(run);
    }

    private void assertJoined(List<PacketBuilder> run) {
        packetCounts.clear();
        addAll(run);
        coalescer.flush();
        assertThat(packetCounts).containsExactly(run.size());
    }

    private void assertNotJoined(List<PacketBuilder> run) {
        end = 3;
        frames.clear();
        packetCounts.clear();
        addAll(run);
        coalescer.flush();
        assertThat(packetCounts).hasSize(run.size());
        for (int i = 0; i < run.size(); i++) {
            assertThat(packet(i)).isEqualTo(run.get(i).build());
        }
    }

    private void addAll(List<PacketBuilder> run) {
        run.forEach(packet -> add(packet.build(), packet.link.length));
    }

    private void add(byte[] packet, int linkLength) {
        int offset = end;
        store(packet);
        coalescer.add(memory, offset, packet.length, linkLength);
    }

    private void store(byte[] packet) {
        memory.putBytes(end, packet);
        end += packet.length + 16;
    }

    private static byte[] changed(byte[] bytes, int index) {
        byte[] changed = bytes.clone();
        changed[index] ^= 1;
        return changed;
    }

    private void record(GatherList frame, int packetCount) {
        byte[] bytes = new byte[frame.totalLength()];
        int length = 0;
        for (int i = 0; i < frame.count(); i++) {
            new UnsafeBuffer(frame.entryAddress(i), frame.entryLength(i))
                    .getBytes(0, bytes, length, frame.entryLength(i));
            length += frame.entryLength(i);
        }
        frames.add(bytes);
        packetCounts.add(packetCount);
    }

    private byte[] packet(int index) {
        byte[] frame = frames.get(index);
        return Arrays.copyOfRange(frame, VirtioNetHeader.LENGTH, frame.length);
    }

    private void assertHeader(
            int gsoType, int headerLength, int gsoSize, int checksumStart, int checksumOffset) {
        UnsafeBuffer header = new UnsafeBuffer(frames.getFirst());
        assertThat(VirtioNetHeader.flags(header, 0)).isEqualTo(VirtioNetHeader.FLAG_NEEDS_CSUM);
        assertThat(VirtioNetHeader.gsoType(header, 0)).isEqualTo(gsoType);
        assertThat(VirtioNetHeader.headerLength(header, 0)).isEqualTo(headerLength);
        assertThat(VirtioNetHeader.gsoSize(header, 0)).isEqualTo(gsoSize);
        assertThat(VirtioNetHeader.checksumStart(header, 0)).isEqualTo(checksumStart);
        assertThat(VirtioNetHeader.checksumOffset(header, 0)).isEqualTo(checksumOffset);
    }
}
