package io.ovl.config.parse;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration file. Never holds key material.
 *
 * <p>Thread: any; immutable.
 *
 * @param line counted from 1; 0 for the file as a whole
 * @param column in characters, counted from 1; 0 where none applies
 * @param section as the file titles it, such as {@code [Peer]}; null outside sections
 * @param key as the manual spells it, null where none applies
 * @param found what is wrong, with what was found
 * @param allowed what is allowed, or the next step
 */
public record ConfigProblem(
        String file,
        int line,
        int column,
        @Nullable String section,
        @Nullable String key,
        BadConfigReason reason,
        String found,
        String allowed) {
    /** {@code FILE:LINE:COLUMN}, as compilers write it and editors follow it. */
    public String location() {
        return file + (line == 0 ? "" : ":" + line) + (column == 0 ? "" : ":" + column);
    }

    /** Everything but the word before it: {@code [E210] FILE:LINE:COLUMN: ...} and a hint on a second line. */
    public String text() {
        return "["
                + reason.code()
                + "] "
                + location()
                + ": "
                + (key == null ? "" : key + ": ")
                + found
                + "\n  "
                + allowed;
    }

    @Override
    public String toString() {
        return "error" + text();
    }
}
