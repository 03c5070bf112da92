package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl status}. */
@Command(
        name = "status",
        description = "Shows each interface, each peer and each segment on a line.",
        footer = {
            "",
            "--check live is met when the daemon answers, --check ready when besides no",
            "peer waits for a session; otherwise it exits with 3 or 8."
        })
final class StatusCommand implements Callable<Integer> {
    enum Check {
        live,
        ready
    }

    /** An interface's daemon, its peers and its segments. */
    private record Answer(
            DaemonStatus daemon, List<PeerReport> peers, List<SegmentReport> segments) {
        boolean isReady() {
            return peers.stream().allMatch(peer -> peer.waiting() == null);
        }
    }

    private final CtlContext context;

    @Parameters(arity = "0..1", paramLabel = "IFACE", description = "all of them unless given")
    private @Nullable String interfaceName;

    @Option(names = "--check", paramLabel = "WHAT", description = "live or ready: exit by it")
    private @Nullable Check check;

    StatusCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        List<Answer> answers = new ArrayList<>();
        ControlException failure = null;
        for (Path socket : context.daemons().sockets(interfaceName)) {
            try {
                answers.add(ask(socket));
            } catch (ControlException e) {
                // One daemon that has died must not hide the others.
                failure = e;
            }
        }
        if (!context.options().isQuiet) {
            print(answers);
        }
        if (failure != null) {
            return context.fail(failure);
        }
        boolean isMet = check != Check.ready || answers.stream().allMatch(Answer::isReady);
        return isMet ? ExitCode.OK : ExitCode.NOT_MET;
    }

    private Answer ask(Path socket) throws ControlException {
        try (ControlClient client = ControlClient.connect(socket, context.options().timeout)) {
            JsonObject result = client.call("status", Map.of());
            List<PeerReport> peers = new ArrayList<>();
            for (JsonObject peer : result.objects("peers")) {
                peers.add(PeerReport.fromJson(peer));
            }
            List<SegmentReport> segments = new ArrayList<>();
            for (JsonObject segment : result.objects("segments")) {
                segments.add(SegmentReport.fromJson(segment));
            }
            return new Answer(DaemonStatus.fromJson(result), peers, segments);
        }
    }

    private void print(List<Answer> answers) {
        if (context.options().isJson) {
            context.printJson("interfaces", answers.stream().map(StatusCommand::json).toList());
            return;
        }
        SgrText sgr = new SgrText(context.terminal().isColored(context.options()));
        for (Answer answer : answers) {
            context.terminal().out().println(line(answer.daemon(), sgr));
            for (PeerReport peer : answer.peers()) {
                context.terminal().out().println("  " + line(peer, sgr));
            }
            for (SegmentReport segment : answer.segments()) {
                context.terminal().out().println("  " + line(segment, sgr));
            }
        }
    }

    private static Map<String, @Nullable Object> json(Answer answer) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(answer.daemon().toJson());
        json.put("isReady", answer.isReady());
        json.put("peers", answer.peers().stream().map(PeerReport::toJson).toList());
        json.put("segments", answer.segments().stream().map(SegmentReport::toJson).toList());
        return json;
    }

    private String line(DaemonStatus daemon, SgrText sgr) {
        StringBuilder line = new StringBuilder(sgr.green(daemon.interfaceName()));
        line.append(": ");
        if (daemon.kind().equals(DaemonStatus.NO_DEVICE)) {
            line.append("segments only");
        } else {
            line.append(daemon.kind()).append(", mtu ").append(daemon.mtu());
        }
        line.append(", port ").append(daemon.listenPort());
        line.append(", ").append(daemon.aeadProvider());
        line.append(", ").append(daemon.workerCount());
        line.append(daemon.workerCount() == 1 ? " worker" : " workers");
        line.append(", offloads ").append(words(daemon.offloads()));
        if (context.options().showsDetails) {
            Duration uptime = Duration.between(daemon.startedAt(), Instant.now());
            line.append(", up ").append(Quantities.age(Math.max(0, uptime.toSeconds())));
            line.append(", ovld ").append(daemon.version());
        }
        return line.toString();
    }

    private String line(PeerReport peer, SgrText sgr) {
        String name = peer.name() == null ? peer.publicKey().toString() : peer.name();
        StringBuilder line = new StringBuilder(sgr.yellow(name)).append(": ");
        String handshake = PeersListCommand.handshakeAge(peer);
        line.append(
                peer.lastHandshake() == null ? "no handshake" : "handshake " + handshake + " ago");
        line.append(", endpoint ").append(peer.endpoint() == null ? "unknown" : peer.endpoint());
        if (context.options().showsStatistics) {
            SgrText plain = new SgrText(false);
            line.append(", rx ").append(Quantities.bytes(peer.rxBytes(), plain));
            line.append(", tx ").append(Quantities.bytes(peer.txBytes(), plain));
        }
        if (peer.waiting() != null) {
            line.append(", ").append(sgr.red("waiting")).append(": ").append(peer.waiting());
        }
        return line.toString();
    }

    private static String line(SegmentReport segment, SgrText sgr) {
        StringBuilder line = new StringBuilder("segment ").append(sgr.yellow(segment.name()));
        line.append(": vni ").append(segment.vni());
        line.append(", ").append(segment.port());
        if (segment.bridge() != null) {
            line.append(" in ").append(segment.bridge());
        }
        line.append(", ").append(segment.encap());
        line.append(", mtu ").append(segment.mtu());
        line.append(", ").append(segment.macCount());
        line.append(segment.macCount() == 1 ? " mac" : " macs");
        String remotes = SegmentsListCommand.remotes(segment);
        line.append(remotes.equals("-") ? ", no remotes" : ", to " + remotes);
        line.append(", offloads ").append(words(segment.offloads()));
        if (segment.isLooping()) {
            line.append(", ").append(sgr.red("loop")).append(": its own frames come back");
        }
        return line.toString();
    }

    private static String words(List<String> offloads) {
        return offloads.isEmpty() ? "none" : String.join(" ", offloads);
    }
}
