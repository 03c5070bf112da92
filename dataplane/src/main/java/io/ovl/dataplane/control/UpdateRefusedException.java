package io.ovl.dataplane.control;

/**
 * A valid update that cannot be carried out, such as a listen port in use.
 *
 * <p>Errors: nothing has changed. The message is for people and holds no key.
 */
public final class UpdateRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * @param errno negative, one of {@link io.ovl.config.uapi.UapiErrno}
     */
    public UpdateRefusedException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** Negative, as a UAPI reply has it. */
    public int errno() {
        return errno;
    }
}
