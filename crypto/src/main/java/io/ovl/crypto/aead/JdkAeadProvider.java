package io.ovl.crypto.aead;

import java.security.GeneralSecurityException;

/**
 * The JDK's own ChaCha20-Poly1305, for systems that have neither native library.
 *
 * <p>Thread: any.
 */
final class JdkAeadProvider implements AeadProvider {
    static final String NAME = "jdk";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Aead newAead() {
        try {
            return new JdkAead();
        } catch (GeneralSecurityException e) {
            throw new AeadUnavailableException("this JDK has no " + JdkAead.TRANSFORMATION, e);
        }
    }
}
