package io.ovl.config.ctl;

import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code segments add} and {@code segments set} can say about a segment, and the request it becomes: the keys of
 * the configuration file's section.
 *
 * <p>Thread: written by picocli before the verb runs, then read only.
 */
final class SegmentOptions {
    enum Switch {
        on,
        off
    }

    /** What the members of the request are called here. */
    static final Map<String, String> WORDS =
            Map.ofEntries(
                    Map.entry("name", "NAME"),
                    Map.entry("vni", "--vni"),
                    Map.entry("port", "--port"),
                    Map.entry("bridge", "--bridge"),
                    Map.entry("encap", "--encap"),
                    Map.entry("local", "--local"),
                    Map.entry("remotes", "--remote"),
                    Map.entry("ageing", "--ageing"),
                    Map.entry("maxMacs", "--max-macs"),
                    Map.entry("floodLimit", "--flood-limit"),
                    Map.entry("mtu", "--mtu"));

    @Option(names = "--vni", paramLabel = "VNI", description = "its number: 0 to 16777215")
    private @Nullable Integer vni;

    @Option(names = "--port", paramLabel = "DEVICE", description = "its TAP, made or attached to")
    private @Nullable String port;

    @Option(
            names = "--bridge",
            paramLabel = "DEVICE",
            description = "the Linux bridge that the TAP joins, empty for none")
    private @Nullable String bridge;

    @Option(
            names = "--encap",
            paramLabel = "ENCAP",
            description = "wireguard (sealed), or vxlan (in the clear)")
    private @Nullable String encap;

    @Option(
            names = "--local",
            paramLabel = "IP[:PORT]",
            description = "in the clear: where to receive, empty for anywhere")
    private @Nullable String local;

    @Option(
            names = "--remote",
            paramLabel = "IP[:PORT],..",
            description = "in the clear: the remote VTEPs, all of them")
    private @Nullable String remote;

    @Option(
            names = "--ageing",
            paramLabel = "SECONDS",
            description = "silence after which a learned entry goes, or off")
    private @Nullable String ageing;

    @Option(names = "--max-macs", paramLabel = "N", description = "most learned entries")
    private @Nullable Integer maxMacs;

    @Option(
            names = "--flood-limit",
            paramLabel = "N",
            description = "most flooded frames a second, or off")
    private @Nullable String floodLimit;

    @Option(names = "--open", paramLabel = "on|off", description = "accept unknown VTEPs")
    private @Nullable Switch open;

    @Option(
            names = "--strict",
            paramLabel = "on|off",
            description = "drop VXLAN headers with reserved bits set")
    private @Nullable Switch strict;

    @Option(
            names = "--suppress-arp",
            paramLabel = "on|off",
            description = "answer ARP and ND from what was seen")
    private @Nullable Switch suppressArp;

    @Option(names = "--learning", paramLabel = "on|off", description = "learn MAC addresses")
    private @Nullable Switch learning;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description = "of the TAP; auto: computed from the underlay's")
    private @Nullable String mtu;

    @Option(names = "--clamp-mss", paramLabel = "on|off", description = "lower TCP's MSS to fit")
    private @Nullable Switch clampMss;

    /** The parameters of the request: only what was given. */
    Map<String, @Nullable Object> params(String name) throws ControlException {
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        params.put("name", name);
        put(params, "vni", vni == null ? null : number("--vni", vni, SegmentSection.MAX_VNI));
        put(params, "port", withoutKind(port));
        put(params, "bridge", bridge);
        put(params, "encap", encap);
        put(params, "local", local);
        put(params, "remotes", remote == null ? null : items(remote));
        put(params, "ageing", numberOr("--ageing", "off", ageing));
        put(
                params,
                "maxMacs",
                maxMacs == null ? null : number("--max-macs", maxMacs, Integer.MAX_VALUE));
        put(params, "floodLimit", numberOr("--flood-limit", "off", floodLimit));
        put(params, "open", flag(open));
        put(params, "strict", flag(strict));
        put(params, "suppressArp", flag(suppressArp));
        put(params, "learning", flag(learning));
        put(params, "mtu", numberOr("--mtu", "auto", mtu));
        put(params, "clampMss", flag(clampMss));
        return params;
    }

    /** The words between commas. */
    static List<String> items(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static @Nullable Boolean flag(@Nullable Switch value) {
        return value == null ? null : value == Switch.on;
    }

    private static Long number(String option, int value, int maximum) throws ControlException {
        if (value < 0 || value > maximum) {
            throw new ControlException(
                    ExitCode.USAGE, "usage", option + " must be 0 to " + maximum);
        }
        return (long) value;
    }

    /** A number, which may stand with an s for seconds, or a word for 0. */
    private static @Nullable Long numberOr(String option, String zero, @Nullable String text)
            throws ControlException {
        if (text == null || text.equals(zero)) {
            return text == null ? null : 0L;
        }
        if (!text.matches("\\d{1,9}s?")) {
            throw new ControlException(
                    ExitCode.USAGE, "usage", option + " must be a number, or " + zero);
        }
        return Long.valueOf(text.endsWith("s") ? text.substring(0, text.length() - 1) : text);
    }

    private static void put(
            Map<String, @Nullable Object> params, String name, @Nullable Object value) {
        if (value != null) {
            params.put(name, value);
        }
    }

    /** The file says what kind of port it is, so the command line takes that too. */
    private static @Nullable String withoutKind(@Nullable String port) {
        return port != null && port.startsWith("tap:") ? port.substring("tap:".length()) : port;
    }
}
