package io.ovl.config.ctl;

import io.ovl.crypto.key.KeyText;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Secret keys from files and from standard input, as bytes that are wiped after use; never from arguments, which every
 * user of the machine can read.
 *
 * <p>Thread: one. Errors: {@link ControlException} names the file, never what it holds.
 */
final class KeyInput {
    /** The name that stands for standard input. */
    static final String STANDARD_INPUT = "-";

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{43}=|[0-9a-fA-F]{64}");

    // A key, its line feed, and one byte more to notice what is longer.
    private static final int MAX_LENGTH = KeyText.HEX_LENGTH + 3;

    private KeyInput() {}

    /** Whether a text has a key in it, so that it must not be printed. */
    static boolean mentionsKey(String text) {
        return KEY.matcher(text).find();
    }

    /**
     * Reads a preshared key; nothing at all, as in {@code /dev/null}, is the all-zero key that means none. The caller
     * wipes it.
     */
    static byte[] readPresharedKey(String file, InputStream standardInput) throws ControlException {
        if (KEY.matcher(file).matches()) {
            throw new ControlException(
                    ExitCode.USAGE,
                    "key-argument",
                    "a key is never an argument: give the name of the file that holds it");
        }
        if (file.equals(STANDARD_INPUT)) {
            return read(standardInput, "standard input", true);
        }
        try (InputStream input = Files.newInputStream(Path.of(file))) {
            return read(input, file, true);
        } catch (IOException e) {
            throw new ControlException(
                    ExitCode.FAILED, "unreadable-file", "cannot read " + e.getMessage());
        }
    }

    /** Reads one key and an optional line feed. The caller wipes it. */
    static byte[] read(InputStream input, String source, boolean mayBeEmpty)
            throws ControlException {
        byte[] text = new byte[MAX_LENGTH];
        try {
            int length = input.readNBytes(text, 0, MAX_LENGTH);
            while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
                length--;
            }
            if (length == 0 && mayBeEmpty) {
                return new byte[32];
            }
            byte[] key = KeyText.decode(text, 0, length);
            if (key == null) {
                throw new ControlException(
                        ExitCode.FAILED,
                        "invalid-key",
                        source + " does not hold a key: 32 bytes in base64 or hexadecimal");
            }
            return key;
        } catch (IOException e) {
            throw new ControlException(ExitCode.FAILED, "unreadable-file", "cannot read " + source);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }
}
