package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl peers set}. */
@Command(
        name = "set",
        description = "Changes a peer. An allowed IP that another peer has moves to this one.")
final class PeersSetCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "PEER", description = "its name or its public key")
    private String name = "";

    @Mixin private final PeerOptions peer = new PeerOptions();

    PeersSetCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = peer.params(context.terminal().in());
        params.put("peer", name);
        return send(context, "peers.set", params);
    }

    /** Sends a change of a peer, wipes its preshared key, and prints the peer as it is now when JSON is asked for. */
    static int send(CtlContext context, String method, Map<String, @Nullable Object> params)
            throws ControlException {
        PeerReport report;
        try (ControlClient client = context.daemons().connect(null)) {
            report = PeerReport.fromJson(client.call(method, params));
        } finally {
            if (params.get("presharedKey") instanceof byte[] key) {
                Arrays.fill(key, (byte) 0);
            }
        }
        if (context.options().isJson && !context.options().isQuiet) {
            context.printJson("peers", List.of(report.toJson()));
        }
        return ExitCode.OK;
    }
}
