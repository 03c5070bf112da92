package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.Aead;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.crypto.message.MessageDataFlyweight;
import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.SimulatedPacket;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/** Inner packets about as long as an IP header, on their way out and in. */
class InnerSizesTest extends SimulationTest {
    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int LONGEST = 27;

    static IntStream lengths() {
        return IntStream.rangeClosed(0, LONGEST);
    }

    @BeforeEach
    void connect() {
        establish();
    }

    /** The first bytes of a packet from Alice to Bob that says it is {@code totalLength} long. */
    private byte[] ipv4(int length, int totalLength) {
        byte[] packet =
                SimulatedPacket.of(alice.overlay(), bob.overlay(), 0, SimulatedPacket.MIN_LENGTH);
        packet[3] = (byte) totalLength;
        return Arrays.copyOf(packet, length);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldSendOnlyWhatHasWholeHeader(int length) {
        alice.inject(ipv4(length, length));
        simulation.settle();

        if (length >= IPV4_HEADER_LENGTH) {
            assertThat(bob.takePackets()).containsExactly(ipv4(length, length));
        } else {
            DropReason reason =
                    length == 0 ? DropReason.UNKNOWN_IP_VERSION : DropReason.MALFORMED_PACKET;
            assertThat(alice.dropped(reason)).isEqualTo(1);
            assertThat(simulation.takeWire()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldNotSendIpv6WithoutWholeHeader(int length) {
        byte[] packet = new byte[length];
        if (length > 0) {
            packet[0] = 0x60;
        }

        alice.inject(packet);
        simulation.settle();

        DropReason reason =
                length == 0 ? DropReason.UNKNOWN_IP_VERSION : DropReason.MALFORMED_PACKET;
        assertThat(alice.dropped(reason)).isEqualTo(1);
        assertThat(simulation.takeWire()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldDeliverOnlyWhatHasWholeHeader(int length) {
        receive(ipv4(length, length));

        if (length == 0) {
            assertThat(bob.value(WorkerCounter.KEEPALIVES_RECEIVED)).isEqualTo(1);
        } else if (length < IPV4_HEADER_LENGTH) {
            assertThat(bob.dropped(DropReason.MALFORMED_INNER_PACKET)).isEqualTo(1);
        } else {
            assertThat(bob.takePackets()).containsExactly(ipv4(length, length));
        }
        assertThat(bob.unaccountedInbound()).isZero();
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldDeliverNothingThatIsLongerThanItsPadding(int length) {
        int padded = length + 15 & -16;
        byte[] inner = Arrays.copyOf(ipv4(length, padded + 1), padded);

        receive(inner);

        assertThat(bob.takePackets()).isEmpty();
        assertThat(
                        bob.dropped(DropReason.MALFORMED_INNER_PACKET)
                                + bob.value(WorkerCounter.KEEPALIVES_RECEIVED))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldCutPaddingOff(int length) {
        int padded = length + 15 & -16;

        receive(Arrays.copyOf(ipv4(length, length), padded));

        if (length >= IPV4_HEADER_LENGTH) {
            assertThat(bob.takePackets()).containsExactly(ipv4(length, length));
        } else {
            assertThat(bob.takePackets()).isEmpty();
        }
        assertThat(bob.unaccountedInbound()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x08, 0x50, 0x60, 0xf0})
    void shouldDeliverNothingOfOtherVersions(int firstByte) {
        for (int length = 1; length <= LONGEST; length++) {
            byte[] inner = new byte[length];
            inner[0] = (byte) firstByte;
            receive(inner);
        }

        assertThat(bob.takePackets()).isEmpty();
        assertThat(bob.dropped(DropReason.MALFORMED_INNER_PACKET)).isEqualTo(LONGEST);
    }

    /** Alice's session seals it; an honest peer would have padded it. */
    private void receive(byte[] inner) {
        Keypair keypair =
                Objects.requireNonNull(
                        Objects.requireNonNull(alice.tables().allowedIps().lookup(bob.overlay()))
                                .keypairs()
                                .current());
        long counter = keypair.claimCounters(1);
        UnsafeBuffer plain = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST + 32));
        plain.putBytes(0, inner);
        UnsafeBuffer sealed = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST + 64));
        MessageDataFlyweight.putHeader(sealed, 0, keypair.remoteIndex(), counter);
        try (Aead aead = AeadProviders.select("").newAead()) {
            aead.seal(
                    keypair.sendingKey(),
                    counter,
                    plain.addressOffset(),
                    inner.length,
                    sealed.addressOffset() + MessageDataFlyweight.HEADER_LENGTH);
        }
        byte[] datagram = new byte[MessageDataFlyweight.MIN_LENGTH + inner.length];
        sealed.getBytes(0, datagram);
        simulation.inject(alice.address(), bob.address(), datagram);
        simulation.settle();
    }
}
