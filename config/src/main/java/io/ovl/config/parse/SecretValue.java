package io.ovl.config.parse;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A secret key that stands in the file itself, in a file of its own, or is a systemd credential.
 *
 * <p>Ownership: the key belongs to who reads the file. A second one, for which the section will be refused, wipes the
 * first.
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
    private final Consumer<K> wiper;
    private final ParseContext context;
    private @Nullable K key;
    private @Nullable String reference;

    SecretValue(Format<K> format, Consumer<K> wiper, ParseContext context) {
        this.format = format;
        this.wiper = wiper;
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
        context.onSecretWithin(value);
        replace(format.parse(value.bytes(), value.offset(), value.length()));
        if (key == null) {
            value.reject(
                    BadConfigReason.INVALID_KEY,
                    "the value of " + value.length() + " characters is not a key",
                    ALLOWED);
        }
    }

    void setReference(ConfigValue value) {
        reference = value.text();
        byte[] text = context.readSecret(reference, value);
        if (text == null) {
            return;
        }
        replace(format.parse(text, 0, text.length));
        Arrays.fill(text, (byte) 0);
        if (key == null) {
            value.reject(BadConfigReason.INVALID_KEY, "the file does not hold a key", ALLOWED);
        }
    }

    private void replace(@Nullable K next) {
        wipe();
        key = next;
    }

    /** Wipes the key, if there is one. */
    void wipe() {
        if (key != null) {
            wiper.accept(key);
        }
    }
}
