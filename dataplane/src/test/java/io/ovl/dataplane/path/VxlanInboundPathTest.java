package io.ovl.dataplane.path;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.buffer.LazyMemory;
import io.ovl.dataplane.control.SwitchDriver;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SecureRandomSource;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.VirtioNetHeader;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;
import io.ovl.dataplane.testing.InMemoryTunTapDevice;
import io.ovl.dataplane.testing.Simulation;
import io.ovl.dataplane.vxlan.Vtep;
import io.ovl.dataplane.vxlan.VxlanFlyweight;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a kernel at the other end of a veth pair leaves undone. */
class VxlanInboundPathTest {
    private static final int VNI = 20;
    private static final int MTU = 1450;
    private static final int COUNTERS = 256;
    private static final int RING_CAPACITY = 1 << 12;
    private static final int VNET = TunTapQueue.VNET_HEADER_LENGTH;

    private final UdpAddress remote =
            new UdpAddress(Simulation.ip("192.0.2.2"), VxlanFlyweight.PORT, 0);
    private final WorkerCounters counters =
            new WorkerCounters(
                    new CountersManager(
                            LazyMemory.allocate(COUNTERS * CountersReader.METADATA_LENGTH),
                            LazyMemory.allocate(COUNTERS * CountersReader.COUNTER_LENGTH),
                            US_ASCII),
                    0);
    private final InMemoryTunTapDevice tap = InMemoryTunTapDevice.tap("lan");
    private final Socket socket = new Socket();
    private VxlanInboundPath path;

    @BeforeEach
    void setUp() {
        tap.mtu(MTU);
        tap.takesSuperPackets(true);
        SwitchTables tables = new SwitchDriver(new SecureRandomSource()).tables();
        Segment segment =
                new Segment(
                        "lan",
                        VNI,
                        new SegmentSettings(
                                SegmentSettings.DEFAULT_AGEING_NS,
                                SegmentSettings.DEFAULT_MAX_MACS,
                                true,
                                false,
                                false,
                                false,
                                0,
                                0,
                                true));
        Port tapPort = tables.ports().add(Port.Kind.TAP, "lan");
        Port vtepPort = tables.ports().add(Port.Kind.VTEP, "192.0.2.2");
        tables.segments().add(segment);
        segment.addPort(tapPort);
        segment.addPort(vtepPort);
        tables.vteps().add(new Vtep(VNI, remote, vtepPort.id(), true));
        ConductorProxy conductor =
                new ConductorProxy(
                        new ManyToOneRingBuffer(
                                LazyMemory.allocate(
                                        RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)),
                        () -> {},
                        counters);
        TapPorts taps = new TapPorts();
        taps.add(new TapPort(segment, tapPort, tap, 0, counters));
        path =
                new VxlanInboundPath(
                        0,
                        new InboundSwitchPath(
                                taps,
                                tables,
                                new SourceLearner(tables, conductor, counters),
                                new TapResponder(tables, counters),
                                counters),
                        Readiness.NONE,
                        counters);
        path.add(socket);
    }

    /** What the TAP gets of the messages, each behind its virtio header. */
    private List<byte[]> deliver() {
        path.poll(0);
        return tap.memory(0).takeWritten();
    }

    private static byte[] datagram(byte[] frame) {
        return ByteBuffer.allocate(VxlanFlyweight.HEADER_LENGTH + frame.length)
                .putLong(VxlanFlyweight.VALID_VNI | (long) VNI << 8)
                .put(frame)
                .array();
    }

    /** IPv4 from 10.0.0.1 to 10.0.0.2 around a transport header and zeros; the checksum is the pseudo-header's sum. */
    private static byte[] partial(int protocol, String header, int checksumOffset, int payload) {
        byte[] transport = HexFormat.of().parseHex(header.replace(" ", ""));
        int length = transport.length + payload;
        ByteBuffer frame =
                ByteBuffer.allocate(34 + length)
                        .put(HexFormat.of().parseHex("0200000000010200000000020800"))
                        .putInt(0x4500 << 16 | 20 + length)
                        .putInt(0x0001_4000)
                        .putInt(64 << 24 | protocol << 16)
                        .putInt(0x0a00_0001)
                        .putInt(0x0a00_0002)
                        .put(transport);
        int sum = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + protocol + length;
        frame.putShort(34 + checksumOffset, (short) ((sum & 0xffff) + (sum >> 16)));
        return frame.array();
    }

    private static byte[] partialUdp(int payload) {
        String length = HexFormat.of().toHexDigits((short) (8 + payload));
        return partial(17, "10920050" + length + "0000", 6, payload);
    }

    private static UnsafeBuffer check(byte[] written, int gsoType, int gsoSize) {
        UnsafeBuffer header = new UnsafeBuffer(written);
        assertThat(VirtioNetHeader.flags(header, 0)).isEqualTo(VirtioNetHeader.FLAG_NEEDS_CSUM);
        assertThat(VirtioNetHeader.gsoType(header, 0)).isEqualTo(gsoType);
        assertThat(VirtioNetHeader.gsoSize(header, 0)).isEqualTo(gsoSize);
        assertThat(VirtioNetHeader.checksumStart(header, 0)).isEqualTo(34);
        return header;
    }

    private static byte[] frameOf(byte[] written) {
        return Arrays.copyOfRange(written, VNET, written.length);
    }

    /** A checksum that was still to be computed must not be corrected for the option. */
    @Test
    void shouldClampPartialSynsWithoutTouchingTheChecksum() {
        byte[] syn = partial(6, "10920050 000003e8 00000000 6002 0200 0000 0000 020405b4", 16, 0);
        socket.offer(datagram(syn), 0);

        List<byte[]> written = deliver();

        assertThat(written).hasSize(1);
        check(written.getFirst(), VirtioNetHeader.GSO_NONE, 0);
        byte[] clamped = syn.clone();
        clamped[56] = (byte) (MTU - 40 >> 8);
        clamped[57] = (byte) (MTU - 40);
        assertThat(frameOf(written.getFirst())).isEqualTo(clamped);
    }

    @Test
    void shouldDeliverTcpSuperPacketsToBeSegmentedForTheMtu() {
        byte[] frame = partial(6, "10920050 000003e8 00000001 5010 0200 0000 0000", 16, 60_000);
        socket.offer(datagram(frame), 0);

        List<byte[]> written = deliver();

        assertThat(written).hasSize(1);
        check(written.getFirst(), VirtioNetHeader.GSO_TCPV4, MTU - 40);
        assertThat(frameOf(written.getFirst())).isEqualTo(frame);
        assertThat(counters.value(WorkerCounter.UDP_RECEIVE_PACKETS)).isOne();
    }

    /** The length that the kernel names is that of the datagrams inside, down to one byte. */
    @Test
    void shouldDeliverUdpSuperPacketsWhole() {
        for (int datagramLength : new int[] {1, 1000, 1400}) {
            byte[] frame = partialUdp(5500);
            socket.offer(datagram(frame), datagramLength);

            List<byte[]> written = deliver();

            assertThat(written).hasSize(1);
            check(written.getFirst(), VirtioNetHeader.GSO_UDP_L4, datagramLength);
            assertThat(frameOf(written.getFirst())).isEqualTo(frame);
        }
    }

    @Test
    void shouldTakeJoinedDatagramsApart() {
        byte[] first = datagram(partialUdp(500));
        byte[] second = datagram(partialUdp(400));
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        socket.offer(joined, first.length);

        List<byte[]> written = deliver();

        assertThat(written).hasSize(2);
        check(written.get(0), VirtioNetHeader.GSO_NONE, 0);
        check(written.get(1), VirtioNetHeader.GSO_NONE, 0);
        assertThat(frameOf(written.get(0))).isEqualTo(partialUdp(500));
        assertThat(frameOf(written.get(1))).isEqualTo(partialUdp(400));
    }

    @Test
    void shouldKeepTheOrderOfPartialAndCompleteFrames() {
        byte[] complete = partialUdp(100);
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(complete.length));
        buffer.putBytes(0, complete);
        InternetChecksum.finish(buffer, 34, complete.length - 34, 40);
        buffer.getBytes(0, complete);
        socket.offer(datagram(complete), 0);
        socket.offer(datagram(partialUdp(100)), 0);
        socket.offer(datagram(complete), 0);

        assertThat(deliver().stream().map(VxlanInboundPathTest::frameOf))
                .containsExactly(complete, partialUdp(100), complete);
    }

    @Test
    void shouldBearJoinedMessagesOfAnyLength() {
        byte[] whole = datagram(partialUdp(40));
        for (int length = 1; length <= whole.length; length++) {
            for (int stride = 1; stride < length; stride++) {
                socket.offer(Arrays.copyOf(whole, length), stride);
                int delivered = deliver().size();
                assertThat(delivered).as("%d of %d", stride, length).isLessThanOrEqualTo(1);
            }
        }
        assertThat(counters.dropped(DropReason.INVALID_LENGTH)).isPositive();
    }

    /** What it is offered has come from the remote. */
    private final class Socket implements VxlanSockets, UdpBind {
        private final List<byte[]> messages = new ArrayList<>();
        private final List<Integer> segmentLengths = new ArrayList<>();

        void offer(byte[] bytes, int segmentLength) {
            messages.add(bytes);
            segmentLengths.add(segmentLength == 0 ? bytes.length : segmentLength);
        }

        @Override
        public int receive(ReceiveBatch batch) {
            int count = messages.size();
            for (int i = 0; i < count; i++) {
                byte[] message = messages.get(i);
                batch.buffer().putBytes(batch.offset(i), message);
                batch.message(i, message.length, segmentLengths.get(i), 0);
                batch.source(i, false, 0, remote.ip().low(), remote.port(), 0);
            }
            messages.clear();
            segmentLengths.clear();
            batch.count(count);
            return count;
        }

        @Override
        public UdpBind receiver(int worker) {
            return this;
        }

        @Override
        public UdpBind sender(int worker, long flowHash) {
            return this;
        }

        @Override
        public int send(SendBatch batch) {
            throw new AssertionError("nothing is sent here");
        }

        @Override
        public void fwmark(int mark) {}

        @Override
        public int port() {
            return VxlanFlyweight.PORT;
        }

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public void close() {}
    }
}
