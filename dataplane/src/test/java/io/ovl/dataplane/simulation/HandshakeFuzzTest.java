package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.cookie.CookieGenerator;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SeededRandomSource;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.Simulation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

/**
 * Every bit of every kind of handshake message flipped, one at a time: what is counted, and that nothing comes of it.
 */
class HandshakeFuzzTest extends SimulationTest {
    private static final int INITIATION_LENGTH = 148;
    private static final int RESPONSE_LENGTH = 92;
    private static final int COOKIE_REPLY_LENGTH = 64;
    private static final int MACS_LENGTH = 32;
    private static final int MAC2_LENGTH = 16;

    private SimulatedHost receiver = bob;

    /** Sends it and says which one reason it was dropped for. */
    private DropReason reasonFor(SimulatedDatagram message, byte[] payload) {
        DropReason[] reasons = DropReason.values();
        long[] before = Arrays.stream(reasons).mapToLong(receiver::dropped).toArray();
        simulation.inject(message.source(), message.destination(), payload);
        simulation.settle();
        DropReason found = null;
        for (int i = 0; i < reasons.length; i++) {
            long dropped = receiver.dropped(reasons[i]) - before[i];
            assertThat(dropped).isLessThanOrEqualTo(1);
            if (dropped == 1) {
                assertThat(found).as("a second reason").isNull();
                found = reasons[i];
            }
        }
        if (found == null) {
            throw new AssertionError("a datagram that no counter knows of");
        }
        assertThat(receiver.unaccountedInbound()).isZero();
        return found;
    }

    private static byte[] flip(byte[] message, int bit) {
        byte[] flipped = message.clone();
        flipped[bit >>> 3] ^= (byte) (1 << (bit & 7));
        return flipped;
    }

    /** A message whose type word has one bit wrong. */
    private static DropReason reasonForType(byte[] flipped) {
        int type = new UnsafeBuffer(flipped).getInt(0);
        return type >= 1 && type <= 4 ? DropReason.INVALID_LENGTH : DropReason.UNKNOWN_MESSAGE_TYPE;
    }

    /** With a mac1 that is right again, as one who knows the receiver's public key can make it. */
    private byte[] withMac1(byte[] message, NoisePublicKey receiverKey) {
        byte[] signed = message.clone();
        new CookieGenerator(receiverKey)
                .addMacs(new UnsafeBuffer(signed), 0, signed.length, simulation.nowNs());
        return signed;
    }

    /** Alice's next handshake message of this type is lost on the way to Bob, or Bob's to Alice, and is ours. */
    private SimulatedDatagram intercept(int type) {
        Simulation.connect(alice, bob);
        simulation.network().faults(NetworkFaults.NONE.withDelay(10 * MILLISECOND, 0));
        alice.send(bob, 1);
        simulation.run(type == INITIATION ? 0 : 10 * MILLISECOND);
        simulation.network().cut(alice.underlay(), bob.underlay());
        simulation.run(10 * MILLISECOND);
        simulation.network().heal();
        simulation.network().faults(NetworkFaults.NONE);
        return simulation.takeWire().stream()
                .filter(sent -> sent.type() == type)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldRefuseInitiationsWithWrongBit() {
        SimulatedDatagram initiation = intercept(INITIATION);
        byte[] message = initiation.payload();
        assertThat(message).hasSize(INITIATION_LENGTH);

        for (int bit = 0; bit < 8 * (INITIATION_LENGTH - MAC2_LENGTH); bit++) {
            byte[] flipped = flip(message, bit);
            DropReason expected = bit < 32 ? reasonForType(flipped) : DropReason.INVALID_MAC1;
            assertThat(reasonFor(initiation, flipped)).as("bit %d", bit).isEqualTo(expected);
        }
        // From the ephemeral key on everything is authenticated; the sender's index is not.
        for (int bit = 8 * 8; bit < 8 * (INITIATION_LENGTH - MACS_LENGTH); bit++) {
            byte[] flipped = withMac1(flip(message, bit), bob.publicKey());
            assertThat(reasonFor(initiation, flipped))
                    .as("bit %d", bit)
                    .isEqualTo(DropReason.HANDSHAKE_INVALID);
        }
        assertThat(bob.conductorCounters().responsesSent()).isZero();
        assertThat(simulation.takeWire()).noneMatch(sent -> sent.source().equals(bob.address()));

        simulation.inject(initiation.source(), initiation.destination(), message);
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldRefuseResponsesWithWrongBit() {
        SimulatedDatagram response = intercept(RESPONSE);
        receiver = alice;
        byte[] message = response.payload();
        assertThat(message).hasSize(RESPONSE_LENGTH);

        for (int bit = 0; bit < 8 * (RESPONSE_LENGTH - MAC2_LENGTH); bit++) {
            byte[] flipped = flip(message, bit);
            DropReason expected = bit < 32 ? reasonForType(flipped) : DropReason.INVALID_MAC1;
            assertThat(reasonFor(response, flipped)).as("bit %d", bit).isEqualTo(expected);
        }
        for (int bit = 8 * 8; bit < 8 * (RESPONSE_LENGTH - MACS_LENGTH); bit++) {
            byte[] flipped = withMac1(flip(message, bit), alice.publicKey());
            DropReason expected =
                    bit < 8 * 12 ? DropReason.UNKNOWN_RECEIVER_INDEX : DropReason.HANDSHAKE_INVALID;
            assertThat(reasonFor(response, flipped)).as("bit %d", bit).isEqualTo(expected);
        }
        assertThat(alice.conductorCounters().handshakesCompleted()).isZero();

        simulation.inject(response.source(), response.destination(), message);
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldRefuseCookieRepliesWithWrongBit() {
        floodBob();
        SimulatedDatagram reply = intercept(COOKIE_REPLY);
        receiver = alice;
        byte[] message = reply.payload();
        assertThat(message).hasSize(COOKIE_REPLY_LENGTH);

        for (int bit = 0; bit < 8 * COOKIE_REPLY_LENGTH; bit++) {
            byte[] flipped = flip(message, bit);
            DropReason expected =
                    bit < 32
                            ? reasonForType(flipped)
                            : bit < 64
                                    ? DropReason.UNKNOWN_RECEIVER_INDEX
                                    : DropReason.HANDSHAKE_INVALID;
            assertThat(reasonFor(reply, flipped)).as("bit %d", bit).isEqualTo(expected);
        }
        assertThat(alice.conductorCounters().cookiesReceived()).isZero();

        simulation.inject(reply.source(), reply.destination(), message);
        simulation.settle();
        assertThat(alice.conductorCounters().cookiesReceived()).isEqualTo(1);
        // It was one cookie for one message.
        assertThat(reasonFor(reply, message)).isEqualTo(DropReason.HANDSHAKE_INVALID);
    }

    /** Bob is under load from here on for a second. */
    private void floodBob() {
        UdpAddress stranger = new UdpAddress(Simulation.ip("203.0.113.66"), 666, 0);
        SeededRandomSource random = new SeededRandomSource(5);
        for (int i = 0; i < 700; i++) {
            byte[] initiation = new byte[INITIATION_LENGTH];
            random.nextBytes(initiation);
            new UnsafeBuffer(initiation).putInt(0, INITIATION);
            simulation.inject(stranger, bob.address(), withMac1(initiation, bob.publicKey()));
        }
        simulation.settle();
        simulation.takeWire();
    }

    @Test
    void shouldRefuseMessagesOfAnyOtherLength() {
        SimulatedDatagram initiation = intercept(INITIATION);
        SeededRandomSource random = new SeededRandomSource(6);
        for (int type = 1; type <= 3; type++) {
            int right =
                    type == 1
                            ? INITIATION_LENGTH
                            : type == 2 ? RESPONSE_LENGTH : COOKIE_REPLY_LENGTH;
            for (int length = 4; length <= 256; length++) {
                byte[] message = new byte[length];
                random.nextBytes(message);
                new UnsafeBuffer(message).putInt(0, type);
                DropReason expected =
                        length != right
                                ? DropReason.INVALID_LENGTH
                                : type == COOKIE_REPLY
                                        ? DropReason.UNKNOWN_RECEIVER_INDEX
                                        : DropReason.INVALID_MAC1;
                assertThat(reasonFor(initiation, message))
                        .as("type %d, length %d", type, length)
                        .isEqualTo(expected);
            }
        }
    }
}
