package io.ovl.config.ctl;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A daemon's refusal of a parameter in the words of the command line: the daemon names members of the request, which
 * nobody has typed.
 *
 * <p>Thread: any.
 */
final class OptionWords {
    private static final Pattern MEMBER = Pattern.compile("\"([A-Za-z]+)\"");

    private OptionWords() {}

    /** The failure of a request, or one that says the same in other words. */
    static ControlException translate(String method, ControlException failure) {
        Map<String, String> options =
                switch (method.split("\\.", 2)[0]) {
                    case "peers" -> PeerOptions.WORDS;
                    case "segments" -> SegmentOptions.WORDS;
                    case "fdb", "neigh" -> FdbWords.WORDS;
                    case "mtu" -> Map.of("underlayMtu", "--underlay");
                    default -> Map.of();
                };
        return translate(failure, options);
    }

    private static ControlException translate(
            ControlException failure, Map<String, String> options) {
        if (!failure.code().equals("invalid-params")) {
            return failure;
        }
        // What was found comes last, and is the user's own word.
        int end = failure.getMessage().lastIndexOf(", not ");
        String message = end < 0 ? failure.getMessage() : failure.getMessage().substring(0, end);
        String translated =
                MEMBER.matcher(message)
                        .replaceAll(
                                member ->
                                        Matcher.quoteReplacement(
                                                options.getOrDefault(
                                                        member.group(1), member.group())));
        return new ControlException(
                failure.exit(),
                failure.code(),
                translated + failure.getMessage().substring(message.length()));
    }
}
