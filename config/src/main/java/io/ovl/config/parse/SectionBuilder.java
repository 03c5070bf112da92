package io.ovl.config.parse;

import io.ovl.config.model.Setting;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** A section as it is read: its keys, how often each may stand, and what takes the values. */
abstract class SectionBuilder {
    private record Key(String name, boolean isList, Consumer<ConfigValue> setter) {}

    private final String title;
    private final int line;
    private final Problems problems;
    private final Map<String, Key> keys = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, ConfigValue> seen = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();

    /**
     * @param title as messages name the section, such as {@code [Peer]}
     */
    SectionBuilder(String title, int line, Problems problems) {
        this.title = title;
        this.line = line;
        this.problems = problems;
    }

    /** Declares a key that may stand once and has a value. */
    final void once(String name, Consumer<ConfigValue> setter) {
        keys.put(name, new Key(name, false, setter));
    }

    /** Declares a key that may be repeated, and may be empty. */
    final void list(String name, Consumer<ConfigValue> setter) {
        keys.put(name, new Key(name, true, setter));
    }

    final String title() {
        return title;
    }

    final int line() {
        return line;
    }

    final Set<String> keyNames() {
        return keys.keySet();
    }

    /** The spelling of the manual; null for a key that the section does not have. */
    final @Nullable String spelling(String name) {
        Key key = keys.get(name);
        return key == null ? null : key.name();
    }

    /** Takes a value of a key that the section has. */
    final void accept(String name, ConfigValue value) {
        Key key = keys.get(name);
        if (key == null) {
            throw new IllegalArgumentException("unknown key");
        }
        ConfigValue earlier = seen.putIfAbsent(key.name(), value);
        if (earlier != null) {
            repeated.add(key.name());
        }
        if (!key.isList() && earlier != null) {
            value.reject(
                    BadConfigReason.DUPLICATE_KEY,
                    "already set on line " + earlier.lineNumber(),
                    "Keep one of the two.");
        } else if (!key.isList() && value.isEmpty()) {
            value.reject(
                    BadConfigReason.EMPTY_VALUE, "has no value", "Give it one or remove the line.");
        } else {
            key.setter().accept(value);
        }
    }

    /** The first value of the key; null if the file does not have it. */
    final @Nullable ConfigValue given(String name) {
        return seen.get(name);
    }

    /** Notes where the section and its keys stand, but for keys that stand in several places. */
    final void notePlaces(String section, ConfigPlaces places) {
        places.section(section, line);
        seen.forEach(
                (key, value) -> {
                    if (!repeated.contains(key)) {
                        places.setting(
                                new Setting(section, key), value.lineNumber(), value.column());
                    }
                });
    }

    final void require(String name, String allowed) {
        if (given(name) == null) {
            problems.add(
                    problems.of(
                            line,
                            1,
                            title,
                            name,
                            BadConfigReason.MISSING_KEY,
                            title + " lacks it",
                            allowed));
        }
    }

    /** Reports a key that makes no sense beside another. */
    final void refuse(String name, String found, String allowed) {
        ConfigValue value = given(name);
        if (value != null) {
            value.reject(BadConfigReason.CONFLICTING_KEYS, found, allowed);
        }
    }

    static void addIfPresent(List<String> list, ConfigValue value) {
        if (!value.isEmpty()) {
            list.add(value.text());
        }
    }

    static <T> List<T> nonNull(
            List<ConfigValue> values, Function<ConfigValue, @Nullable T> parser) {
        List<T> parsed = new ArrayList<>();
        for (ConfigValue value : values) {
            T item = parser.apply(value);
            if (item != null) {
                parsed.add(item);
            }
        }
        return parsed;
    }
}
