package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.Setting;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Errno;

import org.jspecify.annotations.Nullable;

/**
 * What a program is to make of a failure: the exit code of {@code ovld}, and of {@code ovlctl} where it asked for what
 * failed.
 *
 * <p>Thread: any.
 */
public final class Refusals {
    private Refusals() {}

    /** The failure of a wish, whose message is for a person. */
    static ControlException of(DeviceException e, Setting setting) {
        return new ControlException(
                exitCode(e), "refused", String.valueOf(e.getMessage()), setting);
    }

    /** What the wish failed for; null where that is not known. */
    public static @Nullable Setting setting(Throwable failure) {
        return switch (failure) {
            case ControlException e -> e.setting();
            case DeviceException e -> e.setting();
            case UpdateRefusedException e -> e.setting();
            default -> null;
        };
    }

    public static int exitCode(Throwable failure) {
        return switch (failure) {
            case ControlException e -> e.exit();
            case DeviceException e -> exitCode(e.errno());
            case UpdateRefusedException e -> exitCode(-e.errno());
            default -> ExitCode.FAILED;
        };
    }

    private static int exitCode(int errno) {
        return switch (errno) {
            case Errno.EBUSY, Errno.EADDRINUSE, Errno.EEXIST -> ExitCode.CONFLICT;
            case Errno.EPERM, Errno.EACCES -> ExitCode.NOT_PERMITTED;
            case Errno.ENOENT, Errno.ENODEV, Errno.EADDRNOTAVAIL -> ExitCode.NO_SUCH_OBJECT;
            case Errno.EINVAL -> ExitCode.INVALID_CONFIG;
            default -> ExitCode.FAILED;
        };
    }
}
