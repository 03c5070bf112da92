package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object read member by member, each with its type checked.
 *
 * <p>Thread: one at a time. Errors: {@link ControlException} ({@code invalid-params}, exit 2) names the member and what
 * it should be, never its value. Absent and null are the same.
 */
public final class JsonObject {
    /** Shorter than any way to write a key. */
    private static final int MAX_QUOTED_LENGTH = 40;

    private final Map<String, @Nullable Object> members;
    private final Set<String> read = new HashSet<>();

    public JsonObject(Map<String, @Nullable Object> members) {
        this.members = members;
    }

    /** Whether there is such a member. */
    public boolean has(String name) {
        return value(name) != null;
    }

    public @Nullable String text(String name) throws ControlException {
        Object value = value(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refusal(name, "a string");
    }

    public String requiredText(String name) throws ControlException {
        String text = text(name);
        if (text == null) {
            throw refusal(name, "given");
        }
        return text;
    }

    /** Absent means false. */
    public boolean flag(String name) throws ControlException {
        Object value = value(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw refusal(name, "true or false");
    }

    public @Nullable Long number(String name, long minimum, long maximum) throws ControlException {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Long number && number >= minimum && number <= maximum) {
            return number;
        }
        throw refusal(name, "a number from " + minimum + " to " + maximum);
    }

    /** Absent means {@code otherwise}. */
    public long number(String name, long minimum, long maximum, long otherwise)
            throws ControlException {
        Long number = number(name, minimum, maximum);
        return number == null ? otherwise : number;
    }

    public @Nullable Instant time(String name) throws ControlException {
        String text = text(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw refusal(name, "a time as RFC 3339 writes it");
        }
    }

    /** A secret key's 32 bytes; the caller wipes them. */
    public byte @Nullable [] secret(String name) throws ControlException {
        Object value = value(name);
        if (value == null || value instanceof byte[] key && key.length == 32) {
            return (byte[]) value;
        }
        throw refusal(name, "a key of 32 bytes in base64");
    }

    /** Absent means null, which is not the same as empty. */
    public @Nullable List<String> texts(String name) throws ControlException {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof List<?> elements)) {
            throw refusal(name, "an array of strings");
        }
        List<String> texts = new ArrayList<>(elements.size());
        for (Object element : elements) {
            if (!(element instanceof String text)) {
                throw refusal(name, "an array of strings", null);
            }
            texts.add(text);
        }
        return texts;
    }

    public @Nullable JsonObject object(String name) throws ControlException {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        return of(name, value);
    }

    /** Absent means empty. */
    public List<JsonObject> objects(String name) throws ControlException {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> elements)) {
            throw refusal(name, "an array of objects");
        }
        List<JsonObject> objects = new ArrayList<>(elements.size());
        for (Object element : elements) {
            objects.add(of(name, element));
        }
        return objects;
    }

    /** Refuses members that nobody asked for: a misspelt one must not pass for one that was left out. */
    public void rejectUnread() throws ControlException {
        for (String name : members.keySet()) {
            if (!read.contains(name)) {
                throw new ControlException(
                        ExitCode.USAGE, "invalid-params", "unknown parameter \"" + name + "\"");
            }
        }
    }

    @SuppressWarnings("unchecked") // JsonCodec's objects have no other keys than strings.
    private JsonObject of(String name, @Nullable Object value) throws ControlException {
        if (value instanceof Map<?, ?> object) {
            return new JsonObject((Map<String, @Nullable Object>) object);
        }
        throw refusal(name, "an object");
    }

    private @Nullable Object value(String name) {
        read.add(name);
        return members.get(name);
    }

    /**
     * That the member is not what it must be, with what it is; but no text in which there is a key.
     *
     * @param expected what to read behind "must be"
     */
    public ControlException refusal(String name, String expected) {
        return refusal(name, expected, members.get(name));
    }

    /** The same of something inside the member. */
    public static ControlException refusal(String name, String expected, @Nullable Object found) {
        return new ControlException(
                ExitCode.USAGE,
                "invalid-params",
                "\""
                        + name
                        + "\" must be "
                        + expected
                        + (found == null ? "" : ", not " + words(found)));
    }

    private static String words(Object found) {
        return switch (found) {
            case String text when KeyInput.mentionsKey(text) -> "a key";
            case String text when text.length() <= MAX_QUOTED_LENGTH -> "\"" + text + "\"";
            case String _ -> "a text of that length";
            case byte[] _ -> "that";
            case List<?> _ -> "an array";
            case Map<?, ?> _ -> "an object";
            default -> found.toString();
        };
    }
}
