package io.ovl.config.parse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How secrets are read from files: where a credential lies, and what to do about one that other users may read.
 *
 * <p>Thread: any.
 */
public final class SecretFiles {
    /** Room for white space about a key. */
    private static final int MAX_LENGTH = 256;

    private static final Set<PosixFilePermission> EXPOSED =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private final @Nullable Consumer<ConfigProblem> warnings;
    private final @Nullable Path credentials;

    private SecretFiles(@Nullable Consumer<ConfigProblem> warnings, @Nullable Path credentials) {
        this.warnings = warnings;
        this.credentials = credentials;
    }

    /** Refuses secrets in files that group or others may read. */
    public static SecretFiles refusingExposed() {
        return new SecretFiles(null, credentialsDirectory());
    }

    /** Takes them, and hands a warning to {@code warnings} for each. */
    public static SecretFiles warningOfExposed(Consumer<ConfigProblem> warnings) {
        return new SecretFiles(warnings, credentialsDirectory());
    }

    /** The same, with systemd credentials taken from {@code directory}. */
    SecretFiles withCredentials(Path directory) {
        return new SecretFiles(warnings, directory);
    }

    private static @Nullable Path credentialsDirectory() {
        String directory = System.getenv("CREDENTIALS_DIRECTORY");
        return directory == null ? null : Path.of(directory);
    }

    /**
     * Reads the text of a key, white space at its end left out; the caller wipes it.
     *
     * @param reference a path, relative to {@code directory}, or {@code @NAME} for a credential of the systemd unit
     * @return null when there is none to be had, with the problem reported at {@code value}
     */
    byte @Nullable [] read(String reference, Path directory, ConfigValue value) {
        boolean isCredential = reference.startsWith("@");
        @Nullable Path file;
        if (isCredential) {
            String name = reference.substring(1);
            if (credentials == null
                    || name.isEmpty()
                    || name.indexOf('/') >= 0
                    || name.startsWith(".")) {
                value.reject(
                        BadConfigReason.UNREADABLE_KEY_FILE,
                        credentials == null
                                ? "there are no systemd credentials here"
                                : "is not the name of a credential",
                        "Add LoadCredential=NAME:/path to the unit, or use a key file.");
                return null;
            }
            file = credentials.resolve(name);
        } else {
            file = pathOf(reference, directory, value);
        }
        if (file == null) {
            return null;
        }
        try {
            // systemd guards a credential's directory; an access list may show as group bits on the
            // file.
            if (!isCredential && isExposed(file) && !permit(value, file)) {
                return null;
            }
            byte[] text = readText(file);
            if (text == null) {
                value.reject(
                        BadConfigReason.INVALID_KEY,
                        file + " is longer than " + MAX_LENGTH + " bytes",
                        "A key file holds one key, and nothing else.");
            }
            return text;
        } catch (IOException e) {
            value.reject(
                    BadConfigReason.UNREADABLE_KEY_FILE,
                    "cannot read " + file + " (" + ReadFailure.reason(e) + ")",
                    "Check the path and who may read it.");
            return null;
        }
    }

    private static @Nullable Path pathOf(String reference, Path directory, ConfigValue value) {
        try {
            return directory.resolve(reference);
        } catch (InvalidPathException e) {
            value.rejectAs(
                    BadConfigReason.UNREADABLE_KEY_FILE,
                    "a path in this locale",
                    "Use ASCII letters in the path.");
            return null;
        }
    }

    static boolean isExposed(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream().anyMatch(EXPOSED::contains);
    }

    /** Reports an exposed secret; whether it may be used all the same. */
    boolean permit(ConfigValue value, Path file) {
        ConfigProblem problem =
                value.problem(
                        BadConfigReason.EXPOSED_SECRET,
                        "group or others may read " + file,
                        "Change the key if they did, then: chmod 600 " + file);
        if (warnings == null) {
            value.reject(problem.reason(), problem.found(), problem.allowed());
            return false;
        }
        warnings.accept(problem);
        return true;
    }

    /** Null for a text that is too long for a key. */
    private static byte @Nullable [] readText(Path file) throws IOException {
        byte[] text = new byte[MAX_LENGTH + 1];
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.readNBytes(text, 0, text.length);
            if (length > MAX_LENGTH) {
                return null;
            }
            while (length > 0 && text[length - 1] <= ' ' && text[length - 1] >= 0) {
                length--;
            }
            return Arrays.copyOf(text, length);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }
}
