package io.ovl.dataplane.control;

import io.ovl.config.model.Setting;

import org.jspecify.annotations.Nullable;

/**
 * A valid update that cannot be carried out, such as a listen port in use.
 *
 * <p>Errors: nothing has changed. The message is for people and holds no key.
 */
public final class UpdateRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;
    private final transient @Nullable Setting setting;

    /**
     * @param errno negative, one of {@link io.ovl.config.uapi.UapiErrno}
     * @param setting what it cannot be carried out for, where that is known
     */
    public UpdateRefusedException(int errno, String message, @Nullable Setting setting) {
        super(message);
        this.errno = errno;
        this.setting = setting;
    }

    /** Negative, as a UAPI reply has it. */
    public int errno() {
        return errno;
    }

    public @Nullable Setting setting() {
        return setting;
    }
}
