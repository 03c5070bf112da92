package io.ovl.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.Allocation;
import io.ovl.dataplane.testing.ManualClock;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.Objects;

/** Ethernet frames from one worker's TAP to another's: what becomes of them, and that nothing is allocated for any. */
class FrameCarryingTest {
    private static final int FRAMES = 100_000;
    private static final int BATCH = 16;
    private static final int SEGMENTS = 40;
    private static final int VNET = 10;
    private static final long ALICE = 0x02_00_00_00_00_01L;
    private static final long BOB = 0x02_00_00_00_00_02L;
    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private final AeadProvider provider = AeadProviders.select("");
    private final ManualClock clock = new ManualClock(1_000_000_000_000L);
    private final WorkerBench alice = new WorkerBench(provider, clock, 1, 0);
    private final WorkerBench bob = new WorkerBench(provider, clock, 2, 0);

    @BeforeEach
    void setUp() {
        alice.bind.patch(bob.bind);
        bob.bind.patch(alice.bind);
        SegmentSettings unlimited = settings(0, false);
        alice.segment.settings(unlimited);
        bob.segment.settings(unlimited);
    }

    @AfterEach
    void tearDown() {
        alice.close();
        bob.close();
    }

    private static SegmentSettings settings(int floodLimit, boolean suppressArp) {
        return new SegmentSettings(
                SegmentSettings.DEFAULT_AGEING_NS,
                SegmentSettings.DEFAULT_MAX_MACS,
                true,
                false,
                false,
                suppressArp,
                floodLimit,
                0,
                true);
    }

    private static UnsafeBuffer frame(long destination, long source, int length) {
        UnsafeBuffer frame = new UnsafeBuffer(new byte[VNET + length]);
        EthernetFlyweight.destination(frame, VNET, destination);
        EthernetFlyweight.source(frame, VNET, source);
        // A protocol of which nobody knows anything.
        frame.putShort(VNET + 12, (short) 0x88b5, ByteOrder.BIG_ENDIAN);
        return frame;
    }

    /** TCP in Ethernet as a kernel with segmentation offload hands it over. */
    private static UnsafeBuffer superFrame(int segmentLength) {
        int length = 14 + 40 + SEGMENTS * segmentLength;
        UnsafeBuffer frame = frame(BOB, ALICE, length);
        frame.putByte(0, (byte) 1);
        frame.putByte(1, (byte) 1);
        frame.putShort(2, (short) 54, ByteOrder.nativeOrder());
        frame.putShort(4, (short) segmentLength, ByteOrder.nativeOrder());
        frame.putShort(6, (short) 34, ByteOrder.nativeOrder());
        frame.putShort(8, (short) 16, ByteOrder.nativeOrder());
        int ip = VNET + 14;
        frame.putShort(ip - 2, (short) 0x0800, ByteOrder.BIG_ENDIAN);
        frame.putInt(ip, 0x45 << 24 | length - 14, ByteOrder.BIG_ENDIAN);
        frame.putInt(ip + 8, 64 << 24 | 6 << 16, ByteOrder.BIG_ENDIAN);
        frame.putInt(ip + 12, 0x0a00_0001, ByteOrder.BIG_ENDIAN);
        frame.putInt(ip + 16, 0x0a00_0002, ByteOrder.BIG_ENDIAN);
        frame.putInt(ip + 20, 0x1000_2000, ByteOrder.BIG_ENDIAN);
        frame.putByte(ip + 32, (byte) 0x50);
        frame.putByte(ip + 33, (byte) 0x10);
        int pseudoHeader = 0x0a00 + 1 + 0x0a00 + 2 + 6 + length - 34;
        frame.putShort(ip + 36, (short) pseudoHeader, ByteOrder.BIG_ENDIAN);
        return frame;
    }

    private void carry(UnsafeBuffer frame, int count) {
        alice.tap.offer(frame, count);
        alice.doWork();
        bob.doWork();
    }

    private long bytesOfCarrying(UnsafeBuffer frame, int reads, int framesPerRead) {
        return Allocation.bytesOf(
                () -> {
                    for (int i = 0; i < FRAMES; i += reads * framesPerRead) {
                        carry(frame, reads);
                    }
                });
    }

    private long bytesOfReading(UnsafeBuffer frame) {
        return Allocation.bytesOf(
                () -> {
                    alice.tap.offer(frame, FRAMES);
                    while (alice.tap.left() > 0) {
                        alice.doWork();
                        bob.bind.discard();
                    }
                });
    }

    /** Each knows where the other is. */
    private void learn() {
        carry(frame(BROADCAST, ALICE, 60), 1);
        bob.tap.offer(frame(ALICE, BOB, 60), 1);
        bob.doWork();
        alice.doWork();
    }

    @Test
    void shouldLearnWhereFramesComeFrom() {
        learn();

        assertThat(portOf(alice, ALICE)).isEqualTo(Port.Kind.TAP);
        assertThat(portOf(alice, BOB)).isEqualTo(Port.Kind.PEER);
        assertThat(portOf(bob, ALICE)).isEqualTo(Port.Kind.PEER);
        assertThat(portOf(bob, BOB)).isEqualTo(Port.Kind.TAP);
        assertThat(alice.tap.writtenCount()).isOne();
        assertThat(bob.tap.writtenCount()).isOne();
    }

    private static Port.Kind portOf(WorkerBench bench, long mac) {
        int id = bench.switchDriver.tables().fdb().lookup(bench.segment, mac, 0);
        return port(bench, id).kind();
    }

    private static Port port(WorkerBench bench, int id) {
        return Objects.requireNonNull(bench.switchDriver.tables().ports().port(id));
    }

    @Test
    void shouldCarryKnownFramesWithoutAllocating() {
        learn();

        assertThat(bytesOfCarrying(frame(BOB, ALICE, 120), BATCH, 1)).isZero();

        assertThat(bob.tap.writtenCount()).isGreaterThanOrEqualTo(FRAMES);
        assertThat(bob.tap.writtenCount() - 1).isEqualTo(alice.bind.sentDatagrams() - 1);
    }

    @Test
    void shouldCarrySuperFramesWithoutAllocating() {
        learn();
        long before = alice.bind.sentDatagrams();
        long writtenBefore = bob.tap.writtenCount();

        assertThat(bytesOfCarrying(superFrame(1360), 1, SEGMENTS)).isZero();

        long datagrams = alice.bind.sentDatagrams() - before;
        assertThat(datagrams).isGreaterThanOrEqualTo(FRAMES);
        assertThat(bob.tap.writtenCount() - writtenBefore).isLessThan(datagrams / 20);
        assertThat(bob.counters.value(WorkerCounter.DEVICE_WRITE_PACKETS) - writtenBefore)
                .isEqualTo(datagrams);
    }

    @Test
    void shouldFloodUnknownFramesWithoutAllocating() {
        assertThat(bytesOfCarrying(frame(BROADCAST, ALICE, 60), BATCH, 1)).isZero();

        assertThat(bob.tap.writtenCount()).isEqualTo(alice.bind.sentDatagrams());
    }

    @Test
    void shouldLimitFloodingWithoutAllocating() {
        alice.segment.settings(settings(10, false));

        assertThat(bytesOfReading(frame(BROADCAST, ALICE, 60))).isZero();

        assertThat(alice.counters.dropped(DropReason.FLOOD_RATE_LIMITED))
                .isGreaterThanOrEqualTo(FRAMES - 100);
    }

    @Test
    void shouldTellSendersOfFramesThatAreTooLarge() {
        learn();
        long before = alice.tap.writtenCount();

        assertThat(bytesOfReading(superFrame(1460))).isZero();

        assertThat(alice.counters.dropped(DropReason.MTU_EXCEEDED)).isGreaterThanOrEqualTo(FRAMES);
        assertThat(alice.tap.writtenCount() - before).isEqualTo(100);
    }

    @Test
    void shouldDropFramesFromGroupAddressesWithoutAllocating() {
        assertThat(bytesOfReading(frame(BOB, BROADCAST, 60))).isZero();

        assertThat(alice.counters.dropped(DropReason.INVALID_SOURCE_MAC))
                .isGreaterThanOrEqualTo(FRAMES);
        assertThat(bob.tap.writtenCount()).isZero();
    }

    @Test
    void shouldDropTruncatedFramesWithoutAllocating() {
        assertThat(bytesOfReading(new UnsafeBuffer(new byte[VNET + 13]))).isZero();

        assertThat(alice.counters.dropped(DropReason.MALFORMED_PACKET))
                .isGreaterThanOrEqualTo(FRAMES);
    }

    @Test
    void shouldDropFramesForWhereTheyComeFromWithoutAllocating() {
        learn();

        assertThat(bytesOfReading(frame(ALICE, 0x02_00_00_00_00_09L, 60))).isZero();

        assertThat(alice.counters.dropped(DropReason.HAIRPIN)).isGreaterThanOrEqualTo(FRAMES);
    }

    @Test
    void shouldRefuseSegmentsThatPeerIsNotInWithoutAllocating() {
        bob.segment.removePort(port(bob, bob.peer.portId()));

        assertThat(bytesOfCarrying(frame(BROADCAST, ALICE, 60), BATCH, 1)).isZero();

        assertThat(bob.counters.dropped(DropReason.VXLAN_UNKNOWN_VNI))
                .isEqualTo(alice.bind.sentDatagrams());
        assertThat(bob.tap.writtenCount()).isZero();
    }

    @Test
    void shouldNotLetThePeerSpeakForStaticEntriesOfOthers() {
        int tapPort = 1;
        bob.switchDriver.tables().fdb().addStatic(WorkerBench.VNI, ALICE, 0, tapPort, 0);

        assertThat(bytesOfCarrying(frame(BROADCAST, ALICE, 60), BATCH, 1)).isZero();

        assertThat(bob.counters.dropped(DropReason.FDB_STATIC_CONFLICT))
                .isEqualTo(alice.bind.sentDatagrams());
        assertThat(bob.tap.writtenCount()).isZero();
    }

    @Test
    void shouldAnswerArpForWhomItKnows() {
        bob.segment.settings(settings(0, true));
        alice.segment.settings(settings(0, true));
        bob.tap.offer(arp(BROADCAST, BOB, 0x0a00_0002, 0x0a00_0002), 1);
        bob.doWork();
        alice.doWork();
        long sent = alice.bind.sentDatagrams();
        long written = alice.tap.writtenCount();

        carry(arp(BROADCAST, ALICE, 0x0a00_0001, 0x0a00_0002), 1);

        assertThat(alice.counters.value(WorkerCounter.NEIGHBORS_ANSWERED)).isOne();
        assertThat(alice.tap.writtenCount() - written).isOne();
        assertThat(alice.bind.sentDatagrams()).isEqualTo(sent);

        carry(arp(BROADCAST, ALICE, 0x0a00_0001, 0x0a00_0003), 1);

        assertThat(alice.bind.sentDatagrams()).isEqualTo(sent + 1);
    }

    private static UnsafeBuffer arp(long destination, long source, int senderIp, int targetIp) {
        UnsafeBuffer frame = frame(destination, source, 42);
        frame.putShort(VNET + 12, (short) 0x0806, ByteOrder.BIG_ENDIAN);
        frame.putLong(VNET + 14, 0x0001_0800_0604_0001L, ByteOrder.BIG_ENDIAN);
        EthernetFlyweight.mac(frame, VNET + 22, source);
        frame.putInt(VNET + 28, senderIp, ByteOrder.BIG_ENDIAN);
        frame.putInt(VNET + 38, targetIp, ByteOrder.BIG_ENDIAN);
        return frame;
    }
}
