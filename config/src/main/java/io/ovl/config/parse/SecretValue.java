package io.ovl.config.parse;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A secret key that stands in the file itself, in a file of its own, or is a systemd credential. Only the first is read: a section
 * that names a second is refused, and there is never more than one to wipe.
 *
 * @param <K> the kind of key
 */
final class SecretValue<K> {
    /** Parses base64 or hexadecimal; null when the text is no key. */
    interface Format<K> {
        @Nullable K parse(byte[] text, int offset, int length);
    }

    private static final String ALLOWED =
            "Allowed: the 44 characters of base64 that ovlctl key or wg print.";

    private final Format<K> format;
    private final ParseContext context;
    private @Nullable K key;
    private @Nullable String reference;

    SecretValue(Format<K> format, ParseContext context) {
        this.format = format;
        this.context = context;
    }

    @Nullable K key() {
        return key;
    }

    /** Path or {@code @NAME}; null for a key that stood in the file itself. */
    @Nullable String reference() {
        return reference;
    }

    void setHere(ConfigValue value) {
        if (value.bytes()[value.offset()] == '@') {
            setReference(value);
            return;
        }
        if (key != null) {
            return;
        }
        context.onSecretWithin(value);
        key = format.parse(value.bytes(), value.offset(), value.length());
        if (key == null) {
            value.reject(
                    BadConfigReason.INVALID_KEY,
                    "the value of " + value.length() + " characters is not a key",
                    ALLOWED);
        }
    }

    void setReference(ConfigValue value) {
        if (key != null) {
            return;
        }
        reference = value.text();
        byte[] text = context.readSecret(reference, value);
        if (text == null) {
            return;
        }
        key = format.parse(text, 0, text.length);
        Arrays.fill(text, (byte) 0);
        if (key == null) {
            value.reject(BadConfigReason.INVALID_KEY, "the file does not hold a key", ALLOWED);
        }
    }
}
