package io.ovl.config.parse;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A configuration file that is refused, with everything that is wrong with it.
 *
 * <p>Errors: nothing of the file is kept. The message never holds key material.
 */
public final class BadConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<ConfigProblem> problems;

    /**
     * @param problems in the order of the file, at least one
     */
    BadConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** In the order of the file, at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
