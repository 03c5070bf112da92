package io.ovl.crypto.aead;

/**
 * Intel's multi-buffer crypto library for IPsec, the fastest provider on x86-64 (Debian and Ubuntu:
 * {@code libipsec-mb1}, {@code libipsec-mb2}).
 *
 * <p>Thread: any.
 */
final class IpsecMbAeadProvider implements AeadProvider {
    static final String NAME = "ipsec-mb";

    private final IpsecMbLibrary library = IpsecMbLibrary.load();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Aead newAead() {
        return IpsecMbAead.open(library);
    }
}
