package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.Setting;
import io.ovl.config.parse.ConfigPlaces;

import org.jspecify.annotations.Nullable;

/** The daemon cannot start, or cannot do what it was asked for. The message says why, and what to do. */
final class DaemonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient @Nullable Setting setting;

    DaemonException(String message) {
        this(message, ExitCode.FAILED);
    }

    DaemonException(String message, int exitCode) {
        this(message, exitCode, null);
    }

    /** @param setting what it cannot be done for, where that is known */
    DaemonException(String message, int exitCode, @Nullable Setting setting) {
        super(message);
        this.exitCode = exitCode;
        this.setting = setting;
    }

    /** The same, and where in the file the setting stands that it cannot be done for. */
    DaemonException at(ConfigPlaces places) {
        return setting == null
                ? this
                : new DaemonException(places.refusal(setting, getMessage()).toString(), exitCode);
    }

    /** What the process ends with when this ends it. */
    int exitCode() {
        return exitCode;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
