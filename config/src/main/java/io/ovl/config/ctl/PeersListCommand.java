package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl peers list}. */
@Command(name = "list", description = "Lists the peers, one a line.")
final class PeersListCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..1", paramLabel = "IFACE", description = "the same as -i IFACE")
    private @Nullable String interfaceName;

    PeersListCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        List<PeerReport> peers = new ArrayList<>();
        try (ControlClient client = context.daemons().connect(interfaceName)) {
            for (JsonObject peer : client.call("peers.list", Map.of()).objects("peers")) {
                peers.add(PeerReport.fromJson(peer));
            }
        }
        if (context.options().isQuiet) {
            return ExitCode.OK;
        }
        if (context.options().isJson) {
            context.printJson("peers", peers.stream().map(PeerReport::toJson).toList());
        } else {
            table(peers).print(context.terminal().out());
        }
        return ExitCode.OK;
    }

    private TextTable table(List<PeerReport> peers) {
        boolean showsStatistics = context.options().showsStatistics;
        TextTable table =
                showsStatistics
                        ? new TextTable(
                                "NAME", "PEER", "ENDPOINT", "HANDSHAKE", "RX", "TX", "ALLOWED IPS")
                        : new TextTable("NAME", "PEER", "ENDPOINT", "HANDSHAKE", "ALLOWED IPS");
        for (PeerReport peer : peers) {
            String name = peer.name() == null ? "-" : peer.name();
            String key = peer.publicKey().base64();
            String endpoint = endpoint(peer);
            String handshake = handshakeAge(peer);
            String allowedIps =
                    peer.allowedIps().isEmpty() ? "-" : String.join(",", peer.allowedIps());
            if (showsStatistics) {
                String rx = Long.toString(peer.rxBytes());
                String tx = Long.toString(peer.txBytes());
                table.add(name, key, endpoint, handshake, rx, tx, allowedIps);
            } else {
                table.add(name, key, endpoint, handshake, allowedIps);
            }
        }
        return table;
    }

    private String endpoint(PeerReport peer) {
        String address = peer.endpoint() == null ? "-" : peer.endpoint();
        boolean showsHost = context.options().showsDetails && peer.endpointHost() != null;
        return showsHost ? address + " (" + peer.endpointHost() + ")" : address;
    }

    /** How long ago the last handshake was, in one unit. */
    static String handshakeAge(PeerReport peer) {
        if (peer.lastHandshake() == null) {
            return "never";
        }
        Duration age = Duration.between(peer.lastHandshake(), Instant.now());
        return Quantities.age(Math.max(0, age.toSeconds()));
    }
}
