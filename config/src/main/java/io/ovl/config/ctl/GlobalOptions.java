package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The options that every verb takes, before or after its name.
 *
 * <p>Thread: written by picocli before a verb runs, then read only.
 */
final class GlobalOptions {
    enum Color {
        auto,
        always,
        never
    }

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "print this")
    boolean isHelp;

    @Option(
            names = {"-j", "--json"},
            scope = ScopeType.INHERIT,
            description = "print JSON")
    boolean isJson;

    @Option(
            names = {"-p", "--pretty"},
            scope = ScopeType.INHERIT,
            description = "indent the JSON")
    boolean isPretty;

    @Option(
            names = {"-s", "--statistics"},
            scope = ScopeType.INHERIT,
            description = "show transfer too")
    boolean showsStatistics;

    @Option(
            names = {"-d", "--details"},
            scope = ScopeType.INHERIT,
            description = "show details too")
    boolean showsDetails;

    @Option(
            names = {"-c", "--color"},
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            description = "auto, always or never")
    @Nullable Color color;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "print nothing, only exit")
    boolean isQuiet;

    @Option(
            names = {"-i", "--interface"},
            scope = ScopeType.INHERIT,
            paramLabel = "IFACE",
            description = "which daemon to talk to, if several run")
    @Nullable String interfaceName;

    @Option(
            names = {"-S", "--socket"},
            scope = ScopeType.INHERIT,
            paramLabel = "SOCKET",
            description = "its control socket, if not in the usual place")
    @Nullable Path socket;

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "how long to wait for it: 5s unless told")
    Duration timeout = Duration.ofSeconds(5);
}
