package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has the daemon read its configuration again, for {@code ovlctl reload}.
 *
 * <p>Thread: asked on the event loop, which it does not keep waiting.
 */
@FunctionalInterface
public interface ConfigReload {
    /**
     * Asks for it.
     *
     * @param done told on any thread, once, what came of it: nothing, or why the file was refused and nothing has
     *     changed
     * @throws ControlException when there is nothing to read
     */
    void reload(Consumer<Optional<ControlException>> done) throws ControlException;
}
