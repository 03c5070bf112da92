package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl peers add}. */
@Command(
        name = "add",
        description = "Adds a peer. An allowed IP that another peer has moves to this one.")
final class PeersAddCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "PUBLIC_KEY", description = "its public key")
    private String publicKey = "";

    @Mixin private final PeerOptions peer = new PeerOptions();

    @Option(names = "--may-exist", description = "change the peer if it exists")
    private boolean mayExist;

    PeersAddCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = peer.params(context.terminal().in());
        params.put("publicKey", publicKey);
        params.put("mayExist", mayExist);
        return PeersSetCommand.send(context, "peers.add", params);
    }
}
