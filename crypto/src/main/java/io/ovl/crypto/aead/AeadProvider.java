package io.ovl.crypto.aead;

/**
 * A source of {@link Aead} contexts: a native library or the JDK.
 *
 * <p>Thread: any.
 */
public interface AeadProvider {
    /** The name that configuration, status and logs use: {@code ipsec-mb}, {@code openssl}, {@code jdk}. */
    String name();

    /** A context for the calling thread's use; the caller closes it. */
    Aead newAead();
}
