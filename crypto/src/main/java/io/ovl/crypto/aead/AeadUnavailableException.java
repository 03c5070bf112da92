package io.ovl.crypto.aead;

/**
 * A provider that this machine cannot use: its library is missing, of an unknown version, or computes wrong results.
 *
 * <p>Errors: another provider may still do.
 */
public final class AeadUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AeadUnavailableException(String message) {
        super(message);
    }

    public AeadUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
