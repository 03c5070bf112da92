package io.ovl.config.ctl;

import io.ovl.config.model.Encap;

import org.jspecify.annotations.Nullable;

/**
 * The words for what a segment travels in, as the configuration file has them.
 *
 * <p>Thread: any.
 */
public final class Encaps {
    private Encaps() {}

    public static String label(Encap encap) {
        return switch (encap) {
            case WIREGUARD -> "wireguard";
            case VXLAN -> "vxlan";
        };
    }

    /** Null when no encapsulation has that label. */
    public static @Nullable Encap parse(String label) {
        return switch (label) {
            case "wireguard" -> Encap.WIREGUARD;
            case "vxlan" -> Encap.VXLAN;
            default -> null;
        };
    }
}
