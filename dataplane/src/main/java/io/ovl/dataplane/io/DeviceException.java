package io.ovl.dataplane.io;

/**
 * A device or a socket could not be opened or set up. The message says what was tried, what the kernel answered and what to do.
 *
 * <p>Errors: nothing is left open behind it.
 */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public DeviceException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** The kernel's error number, positive; 0 when it was not the kernel that refused. */
    public int errno() {
        return errno;
    }
}
