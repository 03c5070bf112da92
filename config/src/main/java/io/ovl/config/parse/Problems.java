package io.ovl.config.parse;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was found wrong with one file so far. */
final class Problems {
    /** A file with more is not a configuration file. */
    private static final int MAX_PROBLEMS = 100;

    private final String file;
    private final List<ConfigProblem> list = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    ConfigProblem of(
            int line,
            int column,
            @Nullable String section,
            @Nullable String key,
            BadConfigReason reason,
            String found,
            String allowed) {
        return new ConfigProblem(file, line, column, section, key, reason, found, allowed);
    }

    void add(ConfigProblem problem) {
        if (list.size() < MAX_PROBLEMS) {
            list.add(problem);
        }
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    BadConfigException toException() {
        list.sort(
                Comparator.comparingInt(ConfigProblem::line)
                        .thenComparingInt(ConfigProblem::column));
        return new BadConfigException(list);
    }
}
