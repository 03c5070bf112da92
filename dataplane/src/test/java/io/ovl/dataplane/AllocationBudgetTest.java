package io.ovl.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.Allocation;
import io.ovl.dataplane.testing.ManualClock;
import io.ovl.dataplane.testing.SimulatedPacket;
import io.ovl.dataplane.testing.Simulation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/** Nothing is allocated per packet, whoever chooses what the packet is. */
@ParameterizedClass(name = "{0}")
@MethodSource("providers")
class AllocationBudgetTest {
    private static final int PACKETS = 100_000;
    private static final int BATCH = 16;
    private static final int SEGMENTS = 40;
    private static final int CONGESTION_EXPERIENCED = 3;
    private static final long START_NS = 1_000_000_000_000L;
    private static final long ONE_SECOND = 1_000_000_000L;

    /** Inbound datagrams that anyone on the way, or anyone at all, may send. */
    enum Hostile {
        EMPTY(DropReason.INVALID_LENGTH),
        UNKNOWN_INDEX(DropReason.UNKNOWN_RECEIVER_INDEX),
        DATA_TOO_SHORT(DropReason.INVALID_LENGTH),
        INITIATION_TOO_LONG(DropReason.INVALID_LENGTH),
        BAD_TAG(DropReason.AUTHENTICATION_FAILED),
        REPLAY(DropReason.REPLAYED),
        UNKNOWN_TYPE(DropReason.UNKNOWN_MESSAGE_TYPE);

        private final DropReason reason;

        Hostile(DropReason reason) {
            this.reason = reason;
        }
    }

    private final AeadProvider provider;
    private final ManualClock clock = new ManualClock(START_NS);
    private final WorkerBench alice;
    private final WorkerBench bob;

    AllocationBudgetTest(AeadProvider provider) {
        this.provider = provider;
        alice = new WorkerBench(provider, clock, 1, 0);
        bob = new WorkerBench(provider, clock, 2, 0);
        alice.bind.patch(bob.bind);
        bob.bind.patch(alice.bind);
    }

    static List<AeadProvider> providers() {
        // The JDK's own cipher allocates for each packet.
        List<AeadProvider> natives =
                AeadProviders.available().stream()
                        .filter(available -> !available.name().equals("jdk"))
                        .toList();
        if (System.getenv("CI") != null) {
            assertThat(natives).isNotEmpty();
        }
        assumeTrue(!natives.isEmpty(), "no native AEAD provider");
        return natives;
    }

    @AfterEach
    void tearDown() {
        alice.close();
        bob.close();
    }

    private static UnsafeBuffer packet(String source, String destination, int length) {
        return WorkerBench.frame(
                SimulatedPacket.of(Simulation.ip(source), Simulation.ip(destination), 1, length));
    }

    /** Alice sends 100,000 packets, Bob receives them; each cycle has some reads of some packets. */
    private long bytesOfCarrying(UnsafeBuffer frame, int reads, int packets) {
        return Allocation.bytesOf(
                () -> {
                    for (int i = 0; i < PACKETS; i += reads * packets) {
                        alice.device.offer(frame, reads);
                        alice.doWork();
                        bob.doWork();
                    }
                });
    }

    @Test
    void shouldCarryPacketsWithoutAllocating() {
        long bytes = bytesOfCarrying(packet("10.0.0.1", "10.0.0.2", 120), BATCH, 1);

        assertThat(bytes).isZero();
        assertThat(bob.device.writtenCount()).isGreaterThanOrEqualTo(PACKETS);
        assertThat(bob.device.writtenCount()).isEqualTo(alice.bind.sentDatagrams());
    }

    @Test
    void shouldCarrySuperPacketsWithoutAllocating() {
        long bytes = bytesOfCarrying(tcpSuperPacket(), 1, SEGMENTS);

        assertThat(bytes).isZero();
        assertThat(bob.counters.value(WorkerCounter.DEVICE_WRITE_PACKETS))
                .isEqualTo(alice.bind.sentDatagrams());
        assertThat(bob.device.writtenCount()).isLessThan(alice.bind.sentDatagrams() / 20);
    }

    /** As a kernel with TCP segmentation offload hands it over. */
    private static UnsafeBuffer tcpSuperPacket() {
        int segmentLength = 1380;
        int length = 40 + SEGMENTS * segmentLength;
        UnsafeBuffer frame = new UnsafeBuffer(new byte[10 + length]);
        frame.putByte(0, (byte) 1);
        frame.putByte(1, (byte) 1);
        frame.putShort(2, (short) 40, ByteOrder.nativeOrder());
        frame.putShort(4, (short) segmentLength, ByteOrder.nativeOrder());
        frame.putShort(6, (short) 20, ByteOrder.nativeOrder());
        frame.putShort(8, (short) 16, ByteOrder.nativeOrder());
        byte[] header =
                SimulatedPacket.of(Simulation.ip("10.0.0.1"), Simulation.ip("10.0.0.2"), 0, 48);
        frame.putBytes(10, header, 0, 20);
        frame.putShort(12, (short) length, ByteOrder.BIG_ENDIAN);
        frame.putByte(19, (byte) 6);
        frame.putInt(30, 0x1000_2000, ByteOrder.BIG_ENDIAN);
        frame.putByte(42, (byte) 0x50);
        frame.putByte(43, (byte) 0x10);
        int pseudoHeader = 0x0a00 + 1 + 0x0a00 + 2 + 6 + length - 20;
        frame.putShort(46, (short) pseudoHeader, ByteOrder.BIG_ENDIAN);
        return frame;
    }

    @ParameterizedTest
    @EnumSource(Hostile.class)
    void shouldDropHostileDatagramsWithoutAllocating(Hostile hostile) {
        UnsafeBuffer datagram = new UnsafeBuffer(datagram(hostile));
        long before = bob.counters.dropped(hostile.reason);
        int[] rounds = {0};

        long bytes =
                Allocation.bytesOf(
                        () -> {
                            rounds[0]++;
                            bob.bind.offer(datagram, PACKETS);
                            while (bob.bind.left() > 0) {
                                bob.doWork();
                            }
                        });

        assertThat(bytes).isZero();
        assertThat(bob.counters.dropped(hostile.reason) - before)
                .isEqualTo((long) rounds[0] * PACKETS);
        assertThat(bob.device.writtenCount()).isLessThanOrEqualTo(1);
    }

    @Test
    void shouldCountMillionJunkDatagramsWithoutAllocatingAndGoOn() {
        UnsafeBuffer frame = packet("10.0.0.1", "10.0.0.2", 120);
        int[] rounds = {0};
        Runnable round =
                () -> {
                    rounds[0]++;
                    bob.bind.offerJunk(PACKETS, 2);
                    while (bob.bind.left() > 0) {
                        bob.doWork();
                    }
                    alice.device.offer(frame, 1);
                    alice.doWork();
                    bob.doWork();
                };

        long bytes = Allocation.bytesOf(round);
        while (rounds[0] * PACKETS < 1_000_000) {
            round.run();
        }

        assertThat(bytes).isZero();
        // What the live session carries in between arrives, and nothing is answered.
        assertThat(bob.device.writtenCount()).isEqualTo(rounds[0]);
        assertThat(bob.bind.sentDatagrams()).isZero();
        long counted = bob.counters.value(WorkerCounter.HANDSHAKES_PASSED);
        for (DropReason reason : DropReason.values()) {
            counted += bob.counters.dropped(reason);
        }
        assertThat(counted).isEqualTo((long) rounds[0] * PACKETS);
        assertThat(bob.counters.dropped(DropReason.AUTHENTICATION_FAILED))
                .isGreaterThan(rounds[0] * PACKETS / 20);
    }

    private byte[] datagram(Hostile hostile) {
        alice.device.offer(packet("10.0.0.1", "10.0.0.2", 120), 1);
        alice.doWork();
        byte[] genuine = bob.bind.firstDatagram();
        switch (hostile) {
            case EMPTY -> {
                return new byte[0];
            }
            case UNKNOWN_INDEX -> genuine[4] ^= 0x40;
            case DATA_TOO_SHORT -> {
                byte[] data = new byte[31];
                data[0] = 4;
                return data;
            }
            case INITIATION_TOO_LONG -> {
                byte[] initiation = new byte[149];
                initiation[0] = 1;
                return initiation;
            }
            case BAD_TAG -> genuine[genuine.length - 1] ^= 1;
            case REPLAY -> bob.doWork();
            case UNKNOWN_TYPE -> genuine[0] = 9;
        }
        bob.bind.discard();
        return genuine;
    }

    @Test
    void shouldPassHandshakesOnWithoutAllocating() {
        byte[] initiation = new byte[148];
        new Random(1).nextBytes(initiation);
        initiation[0] = 1;
        initiation[1] = 0;
        initiation[2] = 0;
        initiation[3] = 0;
        UnsafeBuffer datagram = new UnsafeBuffer(initiation);

        long bytes =
                Allocation.bytesOf(
                        () -> {
                            bob.bind.offer(datagram, PACKETS);
                            while (bob.bind.left() > 0) {
                                bob.doWork();
                            }
                        });

        assertThat(bytes).isZero();
        assertThat(bob.counters.value(WorkerCounter.HANDSHAKES_PASSED))
                .isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropHandshakesThatConductorCannotTakeWithoutAllocating() {
        byte[] initiation = new byte[148];
        initiation[0] = 1;
        UnsafeBuffer datagram = new UnsafeBuffer(initiation);

        long bytes =
                Allocation.bytesOf(
                        () -> {
                            bob.bind.offer(datagram, PACKETS);
                            while (bob.bind.left() > 0) {
                                bob.doWorkUnheard();
                            }
                        });

        assertThat(bytes).isZero();
        assertThat(bob.counters.dropped(DropReason.HANDSHAKE_QUEUE_FULL)).isPositive();
    }

    @Test
    void shouldDropCongestionThatNobodyUnderstandsWithoutAllocating() {
        bob.bind.trafficClass(CONGESTION_EXPERIENCED);

        assertThat(bytesOfCarrying(packet("10.0.0.1", "10.0.0.2", 120), BATCH, 1)).isZero();

        assertThat(bob.counters.dropped(DropReason.ECN_INVALID)).isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropMalformedInnerPacketsWithoutAllocating() {
        UnsafeBuffer frame = packet("10.0.0.1", "10.0.0.2", 120);
        // The total length of IPv4, behind the header of virtio.
        frame.putShort(12, (short) 19, ByteOrder.BIG_ENDIAN);

        assertThat(bytesOfCarrying(frame, BATCH, 1)).isZero();

        assertThat(bob.counters.dropped(DropReason.MALFORMED_INNER_PACKET))
                .isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropWhatDeviceRefusesWithoutAllocating() {
        bob.device.refuse(Errno.EIO);

        assertThat(bytesOfCarrying(packet("10.0.0.1", "10.0.0.2", 120), BATCH, 1)).isZero();

        assertThat(bob.counters.dropped(DropReason.DEVICE_WRITE_FAILED))
                .isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropWhatSocketRefusesWithoutAllocating() {
        alice.bind.refuse(Errno.EMSGSIZE);

        assertThat(bytesOfReading(packet("10.0.0.1", "10.0.0.2", 120))).isZero();

        assertThat(alice.counters.dropped(DropReason.SEND_FAILED)).isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropTruncatedPacketsWithoutAllocating() {
        byte[] packet = new byte[19];
        packet[0] = 0x45;

        assertThat(bytesOfReading(WorkerBench.frame(packet))).isZero();

        assertThat(alice.counters.dropped(DropReason.MALFORMED_PACKET))
                .isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropPacketsFromWrongSourcesWithoutAllocating() {
        assertThat(bytesOfCarrying(packet("10.0.0.3", "10.0.0.2", 120), BATCH, 1)).isZero();

        assertThat(bob.counters.dropped(DropReason.DISALLOWED_SOURCE))
                .isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropPacketsOfOldSessionsWithoutAllocating() {
        try (WorkerBench late = new WorkerBench(provider, clock, 2, 200 * ONE_SECOND)) {
            alice.device.offer(packet("10.0.0.1", "10.0.0.2", 120), 1);
            alice.doWork();
            UnsafeBuffer datagram = new UnsafeBuffer(bob.bind.firstDatagram());

            long bytes =
                    Allocation.bytesOf(
                            () -> {
                                late.bind.offer(datagram, PACKETS);
                                while (late.bind.left() > 0) {
                                    late.doWork();
                                }
                            });

            assertThat(bytes).isZero();
            assertThat(late.counters.dropped(DropReason.KEYPAIR_EXPIRED))
                    .isGreaterThanOrEqualTo(PACKETS);
        }
    }

    private long bytesOfReading(UnsafeBuffer frame) {
        return Allocation.bytesOf(
                () -> {
                    alice.device.offer(frame, PACKETS);
                    while (alice.device.left() > 0) {
                        alice.doWork();
                    }
                });
    }

    @Test
    void shouldDropPacketsWithoutPeerWithoutAllocating() {
        assertThat(bytesOfReading(packet("10.0.0.1", "10.9.9.9", 120))).isZero();

        assertThat(alice.counters.dropped(DropReason.NO_PEER)).isGreaterThanOrEqualTo(PACKETS);
        assertThat(alice.counters.value(WorkerCounter.DEVICE_GENERATED)).isEqualTo(100);
    }

    @Test
    void shouldDropPacketsWithoutEndpointWithoutAllocating() {
        alice.peer.endpoint(null);

        assertThat(bytesOfReading(packet("10.0.0.1", "10.0.0.2", 120))).isZero();

        assertThat(alice.counters.dropped(DropReason.NO_ENDPOINT)).isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldDropWhatIsNoPacketWithoutAllocating() {
        assertThat(bytesOfReading(WorkerBench.frame(new byte[60]))).isZero();

        assertThat(alice.counters.dropped(DropReason.UNKNOWN_IP_VERSION))
                .isGreaterThanOrEqualTo(PACKETS);
    }

    @Test
    void shouldStageAndDisplacePacketsWithoutAllocating() {
        alice.endSession();

        // Buffers that were not given back would be missing after 512 packets.
        assertThat(bytesOfReading(packet("10.0.0.1", "10.0.0.2", 120))).isZero();

        assertThat(alice.counters.dropped(DropReason.STAGED_OVERFLOW))
                .isGreaterThanOrEqualTo(PACKETS - 128);
    }
}
