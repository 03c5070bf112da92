package io.ovl.crypto.aead;

/**
 * OpenSSL 3, which practically every Linux system has.
 *
 * <p>Thread: any.
 */
final class OpenSslAeadProvider implements AeadProvider {
    static final String NAME = "openssl";

    private final OpenSslLibrary library = OpenSslLibrary.load();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Aead newAead() {
        return OpenSslAead.open(library);
    }
}
