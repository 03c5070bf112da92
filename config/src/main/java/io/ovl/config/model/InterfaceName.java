package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

/**
 * A name that Linux accepts for a network interface and that is safe as a file name: no path is built from anything else.
 *
 * <p>One to fifteen visible ASCII characters; no slash, no colon, no percent sign, which the kernel expands; neither {@code .} nor
 * {@code ..}.
 *
 * <p>Thread: any; immutable.
 *
 * <p>Deviation: Linux takes other bytes too, which depend on a locale as soon as they are shown or become part of a path.
 */
public record InterfaceName(String text) {
    private static final String EXCLUDED = "/:%";

    /** IFNAMSIZ without its final zero. */
    public static final int MAX_LENGTH = 15;

    public InterfaceName {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an interface name");
        }
    }

    /** Null when the text is no interface name. */
    public static @Nullable InterfaceName parse(String text) {
        return isValid(text) ? new InterfaceName(text) : null;
    }

    /** Whether the text is such a name. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && !text.equals(".")
                && !text.equals("..")
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && EXCLUDED.indexOf(c) < 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
