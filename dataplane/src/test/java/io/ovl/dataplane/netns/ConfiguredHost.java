package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.netns.Command.Outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host, a daemon in it that takes everything from a file, and what that daemon has logged. */
final class ConfiguredHost {
    final Host host;
    final String name = Tunnel.newName();
    final Path config;
    final String publicKey;

    private final String privateKey = Command.run("wg", "genkey");
    private final Path log;
    private final List<String> environment;

    /** @param environment of the daemon: {@code NAME=VALUE} */
    ConfiguredHost(Lab lab, String hostName, String... environment) {
        host = lab.host(hostName);
        config = lab.file(name + ".conf", "");
        log = lab.file(name + ".log", "");
        Command.run("chmod", "600", config.toString());
        publicKey = Command.run("bash", "-c", "wg pubkey <" + lab.file(privateKey + "\n"));
        this.environment = List.of(environment);
    }

    /** Writes the file: {@code text} behind the beginning of its section for the interface. */
    void write(String text) {
        try {
            Files.writeString(config, "[Interface]\nPrivateKey = " + privateKey + "\n" + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the daemon, and waits until it serves. */
    void start(String text) {
        write(text);
        start();
    }

    void start() {
        // A test run that nohup started has every child ignore hangups, which here are wishes to
        // reload.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.addAll(environment);
        command.addAll(
                List.of(
                        "bash",
                        "-c",
                        "exec "
                                + Daemon.UNDER_TEST.program()
                                + " -f --config "
                                + config
                                + " 2>>"
                                + log));
        host.start(command.toArray(String[]::new));
        assertThat(Eventually.comesTrue(() -> ctl("status", name).succeeded())).as(log()).isTrue();
    }

    /** Runs a daemon that is expected to say why it does not start. */
    Outcome tryStart(String text) {
        write(text);
        return host.tryRun(Daemon.UNDER_TEST.program(), "--config", config.toString());
    }

    Outcome reload(String text) {
        write(text);
        return ctl("--timeout=60s", "reload", name);
    }

    /** Asks the daemon to end, and waits for it. */
    void stop() {
        signal("TERM");
        assertThat(Eventually.comesTrue(() -> host.processIds().isEmpty())).isTrue();
    }

    void signal(String signal) {
        host.processIds().forEach(id -> Command.run("kill", "-" + signal, Long.toString(id)));
    }

    Outcome ctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Daemon.built("ovlctl"), "-i", name));
        command.addAll(List.of(arguments));
        return host.tryRun(command.toArray(String[]::new));
    }

    /** What {@code ovlctl} prints, when it has nothing to complain about. */
    String ask(String... arguments) {
        Outcome outcome = ctl(arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output().strip();
    }

    boolean hasLink(String link) {
        return host.tryRun("ip", "link", "show", link).succeeded();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
