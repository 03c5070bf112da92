package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * A name that Linux accepts for a network interface and that is safe as a file name: no path is built from anything else.
 *
 * <p>One to fifteen bytes of UTF-8; no slash, colon, percent sign (which the kernel expands), white space or control character; neither
 * {@code .} nor {@code ..}.
 *
 * <p>Thread: any; immutable.
 */
public record InterfaceName(String text) {
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

    /** Whether Linux would accept the name. */
    public static boolean isValid(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > MAX_LENGTH || text.equals(".") || text.equals("..")) {
            return false;
        }
        return text.codePoints()
                .noneMatch(
                        c ->
                                c == '/'
                                        || c == ':'
                                        || c == '%'
                                        || Character.isWhitespace(c)
                                        || Character.isSpaceChar(c)
                                        || Character.isISOControl(c)
                                        || (c >= Character.MIN_SURROGATE
                                                && c <= Character.MAX_SURROGATE));
    }

    @Override
    public String toString() {
        return text;
    }
}
