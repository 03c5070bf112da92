package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl version}. */
@Command(name = "version", description = "Prints its own version, and those of the daemons.")
final class VersionCommand implements Callable<Integer> {
    private final CtlContext context;

    VersionCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        List<Map<String, @Nullable Object>> daemons = new ArrayList<>();
        for (String name : context.daemons().names(Daemons.SOCKET_SUFFIX)) {
            daemons.add(daemon(name));
        }
        if (context.options().isJson) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("ovlctl", OvlVersion.current());
            json.put("daemons", daemons);
            context.printJson(json);
            return ExitCode.OK;
        }
        context.terminal().out().println("ovlctl " + OvlVersion.current());
        for (Map<String, @Nullable Object> daemon : daemons) {
            Object version = daemon.get("version");
            String answer = version == null ? "does not answer" : version.toString();
            context.terminal()
                    .out()
                    .println("ovld " + answer + " (" + daemon.get("interface") + ")");
        }
        return ExitCode.OK;
    }

    /** A daemon that does not answer is no reason not to say one's own version. */
    private Map<String, @Nullable Object> daemon(String interfaceName) {
        Map<String, @Nullable Object> daemon = new LinkedHashMap<>();
        daemon.put("interface", interfaceName);
        try (ControlClient client = context.daemons().connect(interfaceName)) {
            daemon.put("version", client.call("version", Map.of()).requiredText("version"));
        } catch (ControlException e) {
            daemon.put("version", null);
        }
        return daemon;
    }
}
