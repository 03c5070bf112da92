package io.ovl.config.parse;

import io.ovl.config.model.Setting;

import java.util.HashMap;
import java.util.Map;

/**
 * Where in a file its settings stand, for what turns out only when they are carried out.
 *
 * <p>Thread: one at a time. {@link ConfigParser} fills it, for one file.
 */
public final class ConfigPlaces {
    private record Place(int line, int column) {}

    private static final Place NOWHERE = new Place(0, 0);

    private final Map<Setting, Place> settings = new HashMap<>();
    private final Map<String, Place> sections = new HashMap<>();
    private String file = "";

    void file(String name) {
        file = name;
    }

    void section(String section, int line) {
        sections.putIfAbsent(section, new Place(line, 1));
    }

    void setting(Setting setting, int line, int column) {
        settings.put(setting, new Place(line, column));
    }

    /**
     * What to say of a setting that could not be carried out. The place is that of its section where the file leaves it
     * to its default, or repeats it.
     */
    public ConfigProblem refusal(Setting setting, String found) {
        Place place =
                settings.getOrDefault(setting, sections.getOrDefault(setting.section(), NOWHERE));
        return new ConfigProblem(
                file,
                place.line(),
                place.column(),
                setting.section(),
                setting.key(),
                BadConfigReason.NOT_CARRIED_OUT,
                found,
                "The file itself is valid: it asks for what this host does not grant now.");
    }
}
