package io.ovl.dataplane.netns;

import java.util.concurrent.CompletableFuture;

/**
 * Two hosts on one wire with a tunnel between them.
 *
 * <pre>
 *   host a                                                    host b
 *   10.77.0.1, fd77::1    tunnel                              10.77.0.2, fd77::2
 *   192.0.2.1, 2001:db8::1  wire0 ------------------- wire0   192.0.2.2, 2001:db8::2
 * </pre>
 *
 * Host a knows b's endpoint and so sends the first initiation; b learns a's.
 */
final class TunnelPair implements AutoCloseable {
    static final String OVERLAY_A = "10.77.0.1";
    static final String OVERLAY_B = "10.77.0.2";
    static final String OVERLAY6_A = "fd77::1";
    static final String OVERLAY6_B = "fd77::2";
    static final String ENDPOINT_B = "192.0.2.2:51820";
    static final String ENDPOINT6_B = "[2001:db8::2]:51820";

    final Lab lab = new Lab();
    final Host a;
    final Host b;
    final Tunnel tunnelA;
    final Tunnel tunnelB;

    TunnelPair() {
        this(Daemon.UNDER_TEST, Daemon.UNDER_TEST, ENDPOINT_B);
    }

    TunnelPair(Daemon daemonA, Daemon daemonB, String endpointB) {
        try {
            a = lab.host("a");
            b = lab.host("b");
            lab.wire(a, "wire0", b, "wire0");
            a.ip("addr add 192.0.2.1/24 dev wire0", "addr add 2001:db8::1/64 dev wire0 nodad");
            b.ip("addr add 192.0.2.2/24 dev wire0", "addr add 2001:db8::2/64 dev wire0 nodad");
            CompletableFuture<Tunnel> startOfA =
                    CompletableFuture.supplyAsync(() -> Tunnel.start(lab, a, daemonA));
            CompletableFuture<Tunnel> startOfB =
                    CompletableFuture.supplyAsync(() -> Tunnel.start(lab, b, daemonB));
            CompletableFuture.allOf(startOfA, startOfB).join();
            tunnelA = startOfA.join();
            tunnelB = startOfB.join();
            tunnelA.addPeer(tunnelB, endpointB, OVERLAY_B + "/32," + OVERLAY6_B + "/128");
            tunnelB.addPeer(tunnelA, OVERLAY_A + "/32," + OVERLAY6_A + "/128");
            tunnelA.up(OVERLAY_A + "/24", OVERLAY6_A + "/64");
            tunnelB.up(OVERLAY_B + "/24", OVERLAY6_B + "/64");
        } catch (RuntimeException | Error e) {
            lab.close();
            throw e;
        }
    }

    @Override
    public void close() {
        lab.close();
    }
}
