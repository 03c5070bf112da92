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
        boolean showsSegments = peers.stream().anyMatch(peer -> !peer.segments().isEmpty());
        List<String> header = new ArrayList<>(List.of("NAME", "PEER", "ENDPOINT", "HANDSHAKE"));
        header.addAll(showsStatistics ? List.of("RX", "TX") : List.of());
        header.add("ALLOWED IPS");
        header.addAll(showsSegments ? List.of("SEGMENTS", "VTEP") : List.of());
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (PeerReport peer : peers) {
            List<String> row = new ArrayList<>();
            row.add(orDash(peer.name()));
            row.add(peer.publicKey().base64());
            row.add(endpoint(peer));
            row.add(handshakeAge(peer));
            if (showsStatistics) {
                row.add(Long.toString(peer.rxBytes()));
                row.add(Long.toString(peer.txBytes()));
            }
            row.add(orDash(String.join(",", peer.allowedIps())));
            if (showsSegments) {
                row.add(orDash(String.join(",", peer.segments())));
                row.add(orDash(peer.vtep()));
            }
            table.add(row.toArray(String[]::new));
        }
        return table;
    }

    private static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
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
