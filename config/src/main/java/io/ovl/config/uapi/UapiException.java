package io.ovl.config.uapi;

/**
 * A {@code set} request that is not understood.
 *
 * <p>Errors: nothing of the request is in force. The message names line and key and says what is allowed; it never
 * holds a value, which may be a secret.
 */
public final class UapiException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;
    private final int line;
    private final String key;

    /**
     * @param errno negative, one of {@link UapiErrno}
     * @param line counted from 1, which is {@code set=1}
     * @param key empty where the line has none that may be shown
     */
    UapiException(int errno, int line, String key, String expected) {
        super("line " + line + ": " + (key.isEmpty() ? "" : key + ": ") + expected);
        this.errno = errno;
        this.line = line;
        this.key = key;
    }

    /** Negative, for the reply. */
    public int errno() {
        return errno;
    }

    /** Counted from 1, which is {@code set=1}. */
    public int line() {
        return line;
    }

    public String key() {
        return key;
    }
}
