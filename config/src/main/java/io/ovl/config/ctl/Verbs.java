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
    /** Another name of {@code segments}; a word of {@code fdb} as well, which does no harm. */
    private static final String SEGMENTS_ALIAS = "vni";

    private final CtlContext context;
    private final Supplier<CommandLine> allVerbs;

    /** @param allVerbs makes a command line that has all of them */
    Verbs(CtlContext context, Supplier<CommandLine> allVerbs) {
        this.context = context;
        this.allVerbs = allVerbs;
    }

    /**
     * Adds only the verbs that {@code args} mention anywhere, or all of them when they mention none: picocli reads a
     * command by reflection when it is added, and to read all of them would take longer than what most verbs do.
     */
    void addTo(CommandLine root, String... args) {
        addMentioned(root, verbs(), args);
        addMentioned(root.getSubcommands().get("peers"), peersVerbs(), args);
        addMentioned(root.getSubcommands().get("segments"), segmentsVerbs(), args);
        addMentioned(root.getSubcommands().get("fdb"), fdbVerbs(), args);
        addMentioned(root.getSubcommands().get("neigh"), neighVerbs(), args);
        addMentioned(root.getSubcommands().get("key"), keyVerbs(), args);
    }

    private Map<String, Supplier<Object>> verbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("show", () -> new ShowCommand(context));
        verbs.put("status", () -> new StatusCommand(context));
        verbs.put("peers", PeersCommand::new);
        verbs.put("segments", SegmentsCommand::new);
        verbs.put("fdb", FdbCommand::new);
        verbs.put("neigh", NeighCommand::new);
        verbs.put("mtu", () -> new MtuCommand(context));
        verbs.put("reload", () -> new ReloadCommand(context));
        verbs.put("down", () -> new DownCommand(context));
        verbs.put("check", () -> new CheckCommand(context));
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

    private Map<String, Supplier<Object>> segmentsVerbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("list", () -> new SegmentsListCommand(context));
        verbs.put("show", () -> new SegmentsShowCommand(context));
        verbs.put("add", () -> new SegmentsAddCommand(context));
        verbs.put("set", () -> new SegmentsSetCommand(context));
        verbs.put("del", () -> new SegmentsDelCommand(context));
        return verbs;
    }

    private Map<String, Supplier<Object>> fdbVerbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("show", () -> new FdbShowCommand(context));
        verbs.put("get", () -> new FdbGetCommand(context));
        verbs.put("add", () -> new FdbAddCommand(context));
        verbs.put("replace", () -> new FdbReplaceCommand(context));
        verbs.put("del", () -> new FdbDelCommand(context));
        verbs.put("flush", () -> new FdbFlushCommand(context));
        verbs.put("watch", () -> new FdbWatchCommand(context));
        return verbs;
    }

    private Map<String, Supplier<Object>> neighVerbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("show", () -> new NeighShowCommand(context));
        verbs.put("flush", () -> new NeighFlushCommand(context));
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
        Set<String> mentioned = new HashSet<>(Arrays.asList(args));
        if (mentioned.contains(SEGMENTS_ALIAS)) {
            mentioned.add("segments");
        }
        mentioned.retainAll(verbs.keySet());
        verbs.forEach(
                (name, verb) -> {
                    if (mentioned.isEmpty() || mentioned.contains(name)) {
                        parent.addSubcommand(verb.get());
                    }
                });
    }
}
