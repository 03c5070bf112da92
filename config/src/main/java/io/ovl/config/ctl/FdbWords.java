package io.ovl.config.ctl;

import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * bridge(8)'s words for entries of the forwarding database, and the request they become:
 *
 * <pre>
 *  [MAC] [dev TAP | peer PEER | dst IP] [vni VNI | segment NAME] [vlan VID] [static | dynamic]
 * </pre>
 *
 * <p>Thread: one. Errors: {@link ControlException} (exit 2) names the word.
 */
final class FdbWords {
    private static final int MAX_VLAN = 4094;

    /** What the members of a request are called here. */
    static final Map<String, String> WORDS = Map.of("mac", "MAC");

    private static final Set<String> STATIC_WORDS = Set.of("static", "permanent");

    private FdbWords() {}

    /** The parameters of a request about the entries that all the words fit. */
    static Map<String, @Nullable Object> filter(List<String> words) throws ControlException {
        return read(new ArrayDeque<>(words), new LinkedHashMap<>());
    }

    /** The parameters of a request about one entry, whose MAC address comes first. */
    static Map<String, @Nullable Object> entry(List<String> words) throws ControlException {
        ArrayDeque<String> rest = new ArrayDeque<>(words);
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        params.put("mac", rest.poll());
        read(rest, params);
        if (!params.containsKey("vni") && !params.containsKey("segment")) {
            throw usage("say in which segment: vni VNI, or segment NAME");
        }
        return params;
    }

    private static Map<String, @Nullable Object> read(
            ArrayDeque<String> words, Map<String, @Nullable Object> params)
            throws ControlException {
        while (!words.isEmpty()) {
            String word = words.remove();
            switch (word) {
                case "vni" -> put(params, "vni", number(word, words, SegmentSection.MAX_VNI));
                case "segment" -> put(params, "segment", value(word, words));
                case "vlan" -> put(params, "vlan", number(word, words, MAX_VLAN));
                case "dev" -> putPort(params, "tap", value(word, words));
                case "peer" -> putPort(params, "peer", value(word, words));
                case "dst" -> putPort(params, "vtep", value(word, words));
                case "dynamic" -> put(params, "state", "learned");
                default -> {
                    if (!STATIC_WORDS.contains(word)) {
                        throw usage(
                                "'"
                                        + word
                                        + "' is none of dev, peer, dst, vni, segment, vlan, static,"
                                        + " dynamic");
                    }
                    put(params, "state", "static");
                }
            }
        }
        return params;
    }

    private static void putPort(Map<String, @Nullable Object> params, String kind, String port)
            throws ControlException {
        put(params, "kind", kind);
        put(params, "port", port);
    }

    private static void put(Map<String, @Nullable Object> params, String name, Object value)
            throws ControlException {
        if (params.put(name, value) != null) {
            throw usage("two words for the " + name);
        }
    }

    private static String value(String word, ArrayDeque<String> words) throws ControlException {
        String value = words.poll();
        if (value == null) {
            throw usage("'" + word + "' needs something behind it");
        }
        return value;
    }

    private static Long number(String word, ArrayDeque<String> words, int maximum)
            throws ControlException {
        String text = value(word, words);
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > maximum) {
            throw usage(word + " must be 0 to " + maximum);
        }
        return Long.valueOf(text);
    }

    private static ControlException usage(String message) {
        return new ControlException(ExitCode.USAGE, "usage", message);
    }
}
