package io.ovl.config.model;

import java.util.List;

/**
 * Commands that run as an interface goes up and down; {@code %i} in them stands for its name.
 *
 * <p>Thread: any; immutable.
 */
public record Hooks(
        List<String> preUp, List<String> postUp, List<String> preDown, List<String> postDown) {
    public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of(), List.of());

    public Hooks {
        preUp = List.copyOf(preUp);
        postUp = List.copyOf(postUp);
        preDown = List.copyOf(preDown);
        postDown = List.copyOf(postDown);
    }
}
