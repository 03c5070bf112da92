package io.ovl.config.parse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read, in the words of the system's own tools. */
final class ReadFailure {
    private ReadFailure() {}

    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
