package io.ovl.config.ctl;

/**
 * The version of ovl that this is.
 *
 * <p>Thread: any.
 */
public final class OvlVersion {
    private OvlVersion() {}

    /** From the manifest of the jar; {@code unpackaged} where the classes were not packed into one. */
    public static String current() {
        String version = OvlVersion.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
