package io.ovl.config.parse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The value of a key, or one item of it, with its place in the file.
 *
 * <p>Ownership: borrows the bytes of the file until the file is parsed; no secret becomes a string.
 */
final class ConfigValue {
    /** What might be a key in the wrong place is not repeated in messages. */
    private static final Pattern SECRET_LIKE = Pattern.compile("[A-Za-z0-9+/=]{32,}");

    private static final int MAX_QUOTED_LENGTH = 64;

    private final ConfigLine line;
    private final int start;
    private final int end;
    private final String section;
    private final String key;
    private final Problems problems;

    ConfigValue(
            ConfigLine line, int start, int end, String section, String key, Problems problems) {
        int trimmedEnd = line.trimEnd(start, end);
        this.line = line;
        this.start = line.trimStart(start, trimmedEnd);
        this.end = Math.max(this.start, trimmedEnd);
        this.section = section;
        this.key = key;
        this.problems = problems;
    }

    boolean isEmpty() {
        return start == end;
    }

    int lineNumber() {
        return line.number();
    }

    int column() {
        return line.column(start);
    }

    /** Never called for a secret. */
    String text() {
        return new String(line.bytes(), start, end - start, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return line.bytes();
    }

    int offset() {
        return start;
    }

    int length() {
        return end - start;
    }

    /** The rest of the value from its byte {@code index}. */
    ConfigValue from(int index) {
        return new ConfigValue(line, start + index, end, section, key, problems);
    }

    /** The items of a comma separated list; none for an empty value. */
    List<ConfigValue> items() {
        List<ConfigValue> items = new ArrayList<>();
        int itemStart = start;
        while (itemStart < end) {
            int itemEnd = line.indexOf(',', itemStart, end);
            items.add(new ConfigValue(line, itemStart, itemEnd, section, key, problems));
            itemStart = itemEnd + 1;
        }
        return items;
    }

    /** The words of a value. */
    List<ConfigValue> words() {
        List<ConfigValue> words = new ArrayList<>();
        int wordStart = start;
        while (wordStart < end) {
            int wordEnd = line.indexOfSpace(wordStart, end);
            words.add(new ConfigValue(line, wordStart, wordEnd, section, key, problems));
            wordStart = line.trimStart(wordEnd, end);
        }
        return words;
    }

    /** The value in quotes, unless it is long or might be a secret. */
    String quoted() {
        String text = text();
        if (SECRET_LIKE.matcher(text).find() || text.length() > MAX_QUOTED_LENGTH) {
            return "a value of " + text.length() + " characters";
        }
        return "\"" + text.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    /** Reports that the value is not what it should be. */
    void rejectAs(BadConfigReason reason, String what, String allowed) {
        reject(reason, quoted() + " is not " + what, allowed);
    }

    void reject(BadConfigReason reason, String found, String allowed) {
        problems.add(problem(reason, found, allowed));
    }

    ConfigProblem problem(BadConfigReason reason, String found, String allowed) {
        return problems.of(line.number(), column(), section, key, reason, found, allowed);
    }
}
