package io.ovl.config.parse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/** What the sections of one file share while it is parsed. */
final class ParseContext {
    private final Problems problems;
    private final SecretFiles secretFiles;
    private final Path directory;
    private @Nullable Path uncheckedFile;

    /**
     * @param directory what relative paths start from
     * @param file checked for its permissions at the first secret within; null: it is no file
     */
    ParseContext(Problems problems, SecretFiles secretFiles, Path directory, @Nullable Path file) {
        this.problems = problems;
        this.secretFiles = secretFiles;
        this.directory = directory;
        this.uncheckedFile = file;
    }

    Problems problems() {
        return problems;
    }

    /** Reads a key file or credential; null with the problem reported. */
    byte @Nullable [] readSecret(String reference, ConfigValue value) {
        return secretFiles.read(reference, directory, value);
    }

    /** Takes note of a secret in the file itself: others must not be able to read it. */
    void onSecretWithin(ConfigValue value) {
        Path file = uncheckedFile;
        uncheckedFile = null;
        try {
            if (file != null && SecretFiles.isExposed(file)) {
                secretFiles.permit(value, file);
            }
        } catch (IOException e) {
            value.reject(
                    BadConfigReason.UNREADABLE_FILE,
                    "cannot tell who may read " + file,
                    "Put it on a file system with permissions.");
        }
    }
}
