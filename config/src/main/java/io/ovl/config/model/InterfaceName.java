package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

/**
 * A name that Linux accepts for a network interface and that is safe as a file name, in a configuration and in a
 * command of a hook: no path is built from anything else.
 *
 * <p>One to fifteen ASCII letters, digits and {@code _ = + . -}, as wg-quick has it; neither {@code .} nor {@code ..}.
 *
 * <p>Thread: any; immutable.
 *
 * <p>Deviation: Linux takes other bytes too. Some begin a comment or mean something to a shell; some depend on a locale
 * as soon as they are shown or become part of a path.
 */
public record InterfaceName(String text) {
    /** What messages say of a name that is refused. */
    public static final String ALLOWED = "1 to 15 letters, digits and _ = + . -";

    private static final String PUNCTUATION = "_=+.-";

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
                && text.chars().allMatch(InterfaceName::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || PUNCTUATION.indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
