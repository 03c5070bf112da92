package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Packets of every size arrive whole, and no larger than they were sent; topology in {@link TunnelPair}. */
@NetnsTest
final class MtuIT {
    private static final int TUNNEL_MTU = 1_420;
    private static final int RECEIVE_LIMIT_MS = 30_000;

    @ParameterizedTest
    @CsvSource({"10.77.0.1, 10.77.0.2, 28", "fd77::1, fd77::2, 48"})
    void shouldCarryEveryInnerSize(String from, String to, int headerBytes) throws IOException {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(to)).isTrue();
            try (DatagramSocket sender =
                            pair.a.call(() -> new DatagramSocket(0, InetAddress.getByName(from)));
                    DatagramSocket receiver =
                            pair.b.call(() -> new DatagramSocket(0, InetAddress.getByName(to)))) {
                receiver.setSoTimeout(RECEIVE_LIMIT_MS);
                SplittableRandom random = new SplittableRandom(1);
                for (int size = 0; size <= TUNNEL_MTU - headerBytes; size++) {
                    byte[] sent = new byte[size];
                    random.nextBytes(sent);
                    sender.send(new DatagramPacket(sent, size, receiver.getLocalSocketAddress()));
                    DatagramPacket received = new DatagramPacket(new byte[2_048], 2_048);
                    receiver.receive(received);
                    assertThat(Arrays.copyOf(received.getData(), received.getLength()))
                            .as("payload of %d bytes", size)
                            .isEqualTo(sent);
                }
            }
        }
    }

    /** The largest packet fills the MTU exactly: its data message has no room for padding beyond it. */
    @Test
    void shouldNeverPadBeyondTheMtu() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            // An answer may be here before what it answers is counted: an initiation, and 84 bytes
            // padded to 96 in a data message.
            long before = 148 + 96 + 32;
            assertThat(sends(pair, before)).isTrue();
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B, TUNNEL_MTU - 28)).isTrue();
            assertThat(sends(pair, before + TUNNEL_MTU + 32)).isTrue();
        }
    }

    private static boolean sends(TunnelPair pair, long bytes) {
        return Eventually.comesTrue(() -> pair.tunnelA.sentBytes(pair.tunnelB) == bytes);
    }

    @ParameterizedTest
    @CsvSource({"9100, 9000", "65535, 34000", "65535, 65000"})
    void shouldCarryLargePacketsOverALargeUnderlay(int underlayMtu, int tunnelMtu) {
        try (TunnelPair pair = new TunnelPair()) {
            for (Tunnel tunnel : new Tunnel[] {pair.tunnelA, pair.tunnelB}) {
                tunnel.host()
                        .ip(
                                "link set wire0 mtu " + underlayMtu,
                                "link set " + tunnel.name() + " mtu " + tunnelMtu);
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B, tunnelMtu - 28)).isTrue();
            assertThat(pair.b.pings(TunnelPair.OVERLAY6_A, tunnelMtu - 48)).isTrue();
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B, tunnelMtu - 27)).isTrue();
        }
    }

    /**
     * Underlay fragments: the outer datagram is larger than the wire, the kernel splits it and puts it together again.
     */
    @Test
    void shouldCarryPacketsLargerThanTheUnderlay() {
        try (TunnelPair pair = new TunnelPair()) {
            for (Tunnel tunnel : new Tunnel[] {pair.tunnelA, pair.tunnelB}) {
                tunnel.host().ip("link set " + tunnel.name() + " mtu 4000");
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B, 3_972)).isTrue();
        }
    }
}
