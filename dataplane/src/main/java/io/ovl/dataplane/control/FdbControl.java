package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.FdbEventReport;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.NeighborReport;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * What the switch has learned and been told of who is where, as the control servers show and change it.
 *
 * <p>Thread: the conductor's only. Errors: {@link ControlException} with the exit code that fits; nothing has changed.
 */
public interface FdbControl {
    /** The entries of the forwarding database that the query fits, by segment and MAC address. */
    default List<FdbReport> entries(FdbQuery query) throws ControlException {
        return snapshot(query).sort().reports();
    }

    /** The same, not in order yet nor in words. */
    FdbSnapshot snapshot(FdbQuery query) throws ControlException;

    /** The entry of a MAC address, null when there is none. */
    @Nullable FdbReport entry(FdbAddress address) throws ControlException;

    /**
     * Adds a static entry that leads to that port.
     *
     * @param replaces whether a static entry that is there goes; a learned one goes anyway
     */
    void add(FdbAddress address, String kind, String port, boolean replaces)
            throws ControlException;

    /** Deletes an entry of either kind; false when there is none. */
    boolean delete(FdbAddress address) throws ControlException;

    /** Deletes the learned entries of the query's segment and port, or all of them; returns how many. */
    int flush(FdbQuery query, boolean withStatic) throws ControlException;

    /** Tells a watcher of what happens to entries that the query fits, from now until the result is run. */
    Runnable watch(FdbQuery query, Consumer<FdbEventReport> watcher) throws ControlException;

    /** Who has which IP address, as far as the query's segment goes. */
    List<NeighborReport> neighbors(FdbQuery query) throws ControlException;

    /** Forgets who has which IP address; returns how many there were. */
    int flushNeighbors(FdbQuery query) throws ControlException;
}
