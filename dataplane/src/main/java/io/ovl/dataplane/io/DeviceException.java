package io.ovl.dataplane.io;

import io.ovl.config.model.Setting;

import org.jspecify.annotations.Nullable;

/**
 * A device or a socket could not be opened or set up. The message says what was tried, what the kernel answered and
 * what to do.
 *
 * <p>Errors: nothing is left open behind it.
 */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final transient @Nullable Setting setting;

    public DeviceException(String message, int errno) {
        this(message, errno, null);
    }

    /**
     * The same.
     *
     * @param setting what it was done for, where that is known
     */
    public DeviceException(String message, int errno, @Nullable Setting setting) {
        super(message);
        this.errno = errno;
        this.setting = setting;
    }

    /** The kernel's error number, positive; 0 when it was not the kernel that refused. */
    public int errno() {
        return errno;
    }

    public @Nullable Setting setting() {
        return setting;
    }
}
