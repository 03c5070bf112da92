package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.FdbEventReport;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.MtuReport;
import io.ovl.config.ctl.NeighborReport;
import io.ovl.config.ctl.SegmentReport;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * The Ethernet side of the daemon, as the control servers and the daemon show and change it.
 *
 * <p>Thread: the conductor's only. Errors: {@link ControlException} with the exit code that fits; what was in force
 * still is.
 */
public interface SegmentControl {
    /** An update of which everything that may fail has been done. */
    interface PreparedUpdate extends AutoCloseable {
        /** Puts it in force, which cannot fail. */
        void commit();

        /** Takes back what was prepared, unless it is in force. Idempotent. */
        @Override
        void close();
    }

    /** Checks an update, and opens what it needs. */
    PreparedUpdate prepare(SegmentUpdate update) throws ControlException;

    /** Applies all of an update or nothing. */
    default void apply(SegmentUpdate update) throws ControlException {
        try (PreparedUpdate prepared = prepare(update)) {
            prepared.commit();
        }
    }

    /** All segments, in the order in which they were added. */
    List<SegmentReport> segments();

    /** The settings of all segments, in the same order. */
    List<SegmentSection> sections();

    /** The settings of the segment with that name, or else with that VNI; null when there is none. */
    @Nullable SegmentSection segment(String nameOrVni);

    /** In which segments a peer takes part. */
    PeerSegments membership(NoisePublicKey publicKey);

    /** The entries of the forwarding database that the query fits, by segment and MAC address. */
    default List<FdbReport> fdb(FdbQuery query) throws ControlException {
        return fdbSnapshot(query).sort().reports();
    }

    /** The same, not in order yet nor in words. */
    FdbSnapshot fdbSnapshot(FdbQuery query) throws ControlException;

    /** The entry of a MAC address, null when there is none. */
    @Nullable FdbReport fdbEntry(FdbAddress address) throws ControlException;

    /**
     * Adds a static entry that leads to the query's port.
     *
     * @param replaces whether a static entry that is there goes; a learned one goes anyway
     */
    void addFdbEntry(FdbAddress address, String kind, String port, boolean replaces)
            throws ControlException;

    /** Deletes an entry of either kind; false when there is none. */
    boolean deleteFdbEntry(FdbAddress address) throws ControlException;

    /** Deletes the learned entries of the query's segment and port, or all of them; returns how many. */
    int flushFdb(FdbQuery query, boolean withStatic) throws ControlException;

    /** Tells a watcher of what happens to entries that the query fits, from now until the result is run. */
    Runnable watchFdb(FdbQuery query, Consumer<FdbEventReport> watcher) throws ControlException;

    /** Who has which IP address, as far as the query's segment goes. */
    List<NeighborReport> neighbors(FdbQuery query) throws ControlException;

    /** Forgets who has which IP address; returns how many there were. */
    int flushNeighbors(FdbQuery query) throws ControlException;

    /**
     * The overlay's MTU on each path, and the sum that it comes from.
     *
     * @param target a peer's name or key, or a VTEP's address; null: all
     * @param underlayMtu to be taken for the underlay's; 0: as it is
     */
    List<MtuReport> mtus(@Nullable String target, int underlayMtu) throws ControlException;
}
