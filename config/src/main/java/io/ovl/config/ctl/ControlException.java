package io.ovl.config.ctl;

import io.ovl.config.model.Setting;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A request that failed, on either side of the control socket.
 *
 * <p>Errors: the message is for a person and never holds key material; the code is for a program and never changes its
 * meaning.
 */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exit;
    private final String code;
    private final transient @Nullable Setting setting;

    /**
     * @param exit one of {@link ExitCode}
     * @param code stable, lower case with hyphens: {@code no-such-peer}
     */
    public ControlException(int exit, String code, String message) {
        this(exit, code, message, null);
    }

    /**
     * The same.
     *
     * @param setting what the request failed for, if that may stand in a configuration file
     */
    public ControlException(int exit, String code, String message, @Nullable Setting setting) {
        super(message);
        this.exit = exit;
        this.code = code;
        this.setting = setting;
    }

    public int exit() {
        return exit;
    }

    public String code() {
        return code;
    }

    public @Nullable Setting setting() {
        return setting;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
