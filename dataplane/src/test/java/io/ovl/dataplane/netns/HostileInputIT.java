package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Datagrams from strangers, replayed datagrams and keys of low order; topology in {@link TunnelPair}, where relays and
 * strangers live in host a.
 */
@NetnsTest
final class HostileInputIT {
    private static final int JUNK_DATAGRAMS = 20_000;
    private static final InetSocketAddress RESPONDER = new InetSocketAddress("192.0.2.2", 51_820);
    private static final int INITIATION_LENGTH = 148;
    private static final int RESPONSE_LENGTH = 92;

    /** The points of small order on Curve25519, in the encodings that X25519 maps to a shared secret of zero. */
    private static final List<String> LOW_ORDER_KEYS =
            List.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    @Test
    void shouldSendNothingToKeysOfLowOrder() throws IOException {
        try (TunnelPair pair = new TunnelPair();
                DatagramSocket listener = pair.b.call(() -> new DatagramSocket(4_000))) {
            listener.setSoTimeout(2_000);
            int number = 0;
            for (String hex : LOW_ORDER_KEYS) {
                String key = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
                String address = "10.77.0.1" + number++;
                pair.tunnelA.set(
                        "peer",
                        key,
                        "persistent-keepalive",
                        "1",
                        "endpoint",
                        "192.0.2.2:4000",
                        "allowed-ips",
                        address + "/32");
                pair.a.tryRun("ping", "-n", "-c", "1", "-W", "0.1", address);
            }
            assertThat(receives(listener)).isFalse();
            for (String hex : LOW_ORDER_KEYS) {
                pair.tunnelA.set(
                        "peer",
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)),
                        "remove");
            }
            assertThat(pair.tunnelA.show("peers")).isEqualTo(pair.tunnelB.publicKey());
        }
    }

    @Test
    void shouldNotAnswerJunk() throws IOException {
        try (TunnelPair pair = new TunnelPair();
                DatagramSocket stranger = pair.a.call(DatagramSocket::new)) {
            stranger.setSoTimeout(500);
            SplittableRandom random = new SplittableRandom(1);
            for (int count = 0; count < JUNK_DATAGRAMS; count++) {
                byte[] junk =
                        new byte[count % 100 == 0 ? random.nextInt(65_508) : random.nextInt(1_500)];
                random.nextBytes(junk);
                if (junk.length >= 4 && count % 2 == 0) {
                    // Half of it looks like one of the four message types.
                    junk[0] = (byte) (1 + count / 2 % 4);
                    junk[1] = junk[2] = junk[3] = 0;
                }
                stranger.send(new DatagramPacket(junk, junk.length, RESPONDER));
            }
            assertThat(receives(stranger)).isFalse();
            assertThat(pair.tunnelB.isRunning()).isTrue();
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldNotAnswerABitFlippedInitiation() throws IOException {
        try (TunnelPair pair = new TunnelPair();
                UdpRelay relay = relayed(pair);
                DatagramSocket stranger = pair.a.call(DatagramSocket::new)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            stranger.setSoTimeout(500);
            byte[] initiation = relay.lastToResponder(INITIATION_LENGTH);
            for (int bit = 0; bit < (INITIATION_LENGTH - 16) * 8; bit++) {
                byte[] flipped = initiation.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                stranger.send(new DatagramPacket(flipped, flipped.length, RESPONDER));
            }
            assertThat(receives(stranger)).isFalse();
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldDeliverAReplayedPacketOnce() throws IOException {
        try (TunnelPair pair = new TunnelPair();
                UdpRelay relay = relayed(pair)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            try (DatagramSocket receiver =
                            pair.b.call(
                                    () ->
                                            new DatagramSocket(
                                                    7_000,
                                                    InetAddress.getByName(TunnelPair.OVERLAY_B)));
                    DatagramSocket sender = pair.a.call(DatagramSocket::new)) {
                receiver.setSoTimeout(10_000);
                sender.send(
                        new DatagramPacket(new byte[468], 468, receiver.getLocalSocketAddress()));
                assertThat(receives(receiver)).isTrue();

                // 468 bytes and 28 of headers are 496, which needs no padding.
                byte[] message = relay.lastToResponder(496 + 32);
                receiver.setSoTimeout(500);
                for (int count = 0; count < 100; count++) {
                    relay.injectToResponder(message);
                }
                assertThat(receives(receiver)).isFalse();
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldAnswerAnInitiationOnce() {
        try (TunnelPair pair = new TunnelPair();
                UdpRelay relay = relayed(pair)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            byte[] initiation = relay.lastToResponder(INITIATION_LENGTH);
            long responses = relay.countToInitiator(RESPONSE_LENGTH);
            assertThat(responses).isPositive();
            for (int count = 0; count < 10; count++) {
                relay.injectToResponder(initiation);
                Eventually.pause(50);
            }
            assertThat(relay.countToInitiator(RESPONSE_LENGTH)).isEqualTo(responses);
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldNotRoamToWhereAReplayCameFrom() throws IOException {
        try (TunnelPair pair = new TunnelPair();
                UdpRelay relay = relayed(pair);
                DatagramSocket stranger = pair.a.call(DatagramSocket::new)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            for (byte[] message : relay.toResponder()) {
                stranger.send(new DatagramPacket(message, message.length, RESPONDER));
            }
            Eventually.pause(200);
            assertThat(pair.tunnelB.endpointOf(pair.tunnelA))
                    .isEqualTo("192.0.2.1:" + relay.back().getPort());
        }
    }

    /** Puts a relay in host a between its tunnel and host b. */
    private static UdpRelay relayed(TunnelPair pair) {
        UdpRelay relay = new UdpRelay(pair.a, "192.0.2.1", RESPONDER);
        pair.tunnelA.set(
                "peer",
                pair.tunnelB.publicKey(),
                "endpoint",
                "192.0.2.1:" + relay.front().getPort());
        return relay;
    }

    private static boolean receives(DatagramSocket socket) throws IOException {
        try {
            socket.receive(new DatagramPacket(new byte[2_048], 2_048));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
