package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The verbs of {@code ovlctl}, in the order in which help lists them.
 *
 * <p>Thread: one.
 */
final class Verbs {
    private final CtlContext context;
    private final Supplier<CommandLine> allVerbs;

    /** @param allVerbs makes a command line that has all of them */
    Verbs(CtlContext context, Supplier<CommandLine> allVerbs) {
        this.context = context;
        this.allVerbs = allVerbs;
    }

    /**
     * Adds only the verbs that {@code args} mention anywhere, or all of them when they mention none: picocli reads a command by
     * reflection when it is added, and to read all of them would take longer than what most verbs do.
     */
    void addTo(CommandLine root, String... args) {
        addMentioned(root, verbs(), args);
        addMentioned(root.getSubcommands().get("peers"), peersVerbs(), args);
        addMentioned(root.getSubcommands().get("key"), keyVerbs(), args);
    }

    private Map<String, Supplier<Object>> verbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("show", () -> new ShowCommand(context));
        verbs.put("status", () -> new StatusCommand(context));
        verbs.put("peers", PeersCommand::new);
        verbs.put("stats", () -> new StatsCommand(context));
        verbs.put("key", KeyCommand::new);
        verbs.put("version", () -> new VersionCommand(context));
        verbs.put("completion", () -> new CompletionCommand(context, allVerbs));
        return verbs;
    }

    private Map<String, Supplier<Object>> peersVerbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("list", () -> new PeersListCommand(context));
        verbs.put("show", () -> new PeersShowCommand(context));
        verbs.put("add", () -> new PeersAddCommand(context));
        verbs.put("set", () -> new PeersSetCommand(context));
        verbs.put("del", () -> new PeersDelCommand(context));
        return verbs;
    }

    private Map<String, Supplier<Object>> keyVerbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("gen", () -> new KeyGenCommand(context));
        verbs.put("pub", () -> new KeyPubCommand(context));
        verbs.put("psk", () -> new KeyPskCommand(context));
        return verbs;
    }

    private static void addMentioned(
            @Nullable CommandLine parent, Map<String, Supplier<Object>> verbs, String... args) {
        if (parent == null) {
            return;
        }
        Set<String> mentioned = new HashSet<>(verbs.keySet());
        mentioned.retainAll(Arrays.asList(args));
        verbs.forEach(
                (name, verb) -> {
                    if (mentioned.isEmpty() || mentioned.contains(name)) {
                        parent.addSubcommand(verb.get());
                    }
                });
    }
}
