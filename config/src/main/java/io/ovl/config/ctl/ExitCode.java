package io.ovl.config.ctl;

/**
 * What {@code ovlctl} exits with. A daemon's error reply names one of them too, so that both sides agree on what went
 * wrong.
 *
 * <p>Thread: any.
 */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;
    public static final int NO_SUCH_OBJECT = 4;
    public static final int CONFLICT = 5;
    public static final int INVALID_CONFIG = 6;
    public static final int NOT_PERMITTED = 7;

    /** Timed out, or a check is not met. */
    public static final int NOT_MET = 8;

    private ExitCode() {}
}
