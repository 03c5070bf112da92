package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl reload}. */
@Command(
        name = "reload",
        description = "Has a daemon read its configuration file again.",
        footer = {
            "",
            "Exits with 6 when the file is refused; nothing has changed then, and the",
            "message says which line it is."
        })
final class ReloadCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..1", paramLabel = "IFACE", description = "unless it is the only one")
    private @Nullable String interfaceName;

    ReloadCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        try (ControlClient client = context.daemons().connect(interfaceName)) {
            client.call("reload", Map.of());
        }
        return ExitCode.OK;
    }
}
