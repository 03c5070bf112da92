package io.ovl.config.ctl;

import java.util.Objects;

/**
 * A request that failed, on either side of the control socket.
 *
 * <p>Errors: the message is for a person and never holds key material; the code is for a program and never changes its meaning.
 */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exit;
    private final String code;

    /**
     * @param exit one of {@link ExitCode}
     * @param code stable, lower case with hyphens: {@code no-such-peer}
     */
    public ControlException(int exit, String code, String message) {
        super(message);
        this.exit = exit;
        this.code = code;
    }

    public int exit() {
        return exit;
    }

    public String code() {
        return code;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
