package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;

/**
 * Who sent a request, as the kernel vouches for it.
 *
 * <p>Thread: any; immutable.
 *
 * @param isPrivileged root, or the user that the daemon runs as
 */
record JsonCaller(boolean isPrivileged) {
    void requirePrivilege(String action) throws ControlException {
        if (!isPrivileged) {
            throw new ControlException(
                    ExitCode.NOT_PERMITTED,
                    "not-permitted",
                    "only root or the daemon's own user may " + action);
        }
    }
}
