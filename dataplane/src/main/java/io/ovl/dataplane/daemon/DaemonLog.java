package io.ovl.dataplane.daemon;

import java.io.PrintStream;
import java.util.Locale;

/**
 * The daemon's log: lines on standard error, with the priorities that journald reads.
 *
 * <p>Thread: any, but never a worker while it carries packets.
 */
public final class DaemonLog {
    /** How much is said. */
    enum Level {
        SILENT,
        ERROR,
        VERBOSE
    }

    private final Level level;
    private final PrintStream out;

    DaemonLog(Level level, PrintStream out) {
        this.level = level;
        this.out = out;
    }

    /** As {@code LOG_LEVEL} says; errors only when it says nothing, or nothing known. */
    static DaemonLog of(String level) {
        Level parsed =
                switch (level.toLowerCase(Locale.ROOT)) {
                    case "verbose", "debug", "info" -> Level.VERBOSE;
                    case "silent" -> Level.SILENT;
                    default -> Level.ERROR;
                };
        return new DaemonLog(parsed, System.err);
    }

    /** Something an operator may want to follow. */
    public void info(String message) {
        if (level == Level.VERBOSE) {
            print("<6>ovld: ", message);
        }
    }

    /** Something an operator should look at; said whenever errors are. */
    public void warning(String message) {
        if (level != Level.SILENT) {
            print("<4>ovld: ", message);
        }
    }

    /** Something an operator has to know. */
    public void error(String message) {
        if (level != Level.SILENT) {
            print("<3>ovld: ", message);
        }
    }

    private void print(String prefix, String message) {
        message.lines().forEach(line -> out.println(prefix + line));
    }
}
