package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the verbs of {@code ovlctl} share.
 *
 * <p>Thread: one.
 */
record CtlContext(Terminal terminal, GlobalOptions options, Daemons daemons) {
    /** Prints {@code {"v":1,"NAME":[...]}}. */
    void printJson(String name, List<?> rows) {
        printJson(Map.of(name, rows));
    }

    /** Prints {@code {"v":1,...}}. */
    void printJson(Map<String, ?> members) {
        printJson(terminal.out(), members);
    }

    /** Prints {@code [{"v":1,...},...]}. */
    void printJsonArray(List<Map<String, @Nullable Object>> rows) {
        List<Map<String, @Nullable Object>> versioned = new ArrayList<>(rows.size());
        for (Map<String, @Nullable Object> row : rows) {
            versioned.add(versioned(row));
        }
        print(terminal.out(), JsonCodec.write(versioned, options.isPretty));
    }

    /** Says what went wrong on standard error, as JSON when that was asked for; returns the exit code. */
    int fail(ControlException failure) {
        terminal.out().flush();
        if (!options.isQuiet) {
            if (options.isJson) {
                printJson(terminal.err(), Map.of("error", ControlReply.error(failure)));
            } else {
                // A bad configuration says by itself where it is, as compilers do.
                boolean isLocated = failure.getMessage().startsWith("error[");
                terminal.err().println((isLocated ? "" : "ovlctl: ") + failure.getMessage());
            }
        }
        return failure.exit();
    }

    private void printJson(PrintStream stream, Map<String, ?> members) {
        print(stream, JsonCodec.write(versioned(members), options.isPretty));
    }

    private static Map<String, @Nullable Object> versioned(Map<String, ?> members) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("v", ControlRequest.VERSION);
        json.putAll(members);
        return json;
    }

    private static void print(PrintStream stream, byte[] text) {
        stream.write(text, 0, text.length);
        Arrays.fill(text, (byte) 0);
        stream.println();
    }
}
