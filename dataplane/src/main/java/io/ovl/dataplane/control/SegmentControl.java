package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.MtuReport;
import io.ovl.config.ctl.SegmentReport;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

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

    /** What is behind which port of which segment. */
    FdbControl fdb();

    /**
     * The overlay's MTU on each path, and the sum that it comes from.
     *
     * @param target a peer's name or key, or a VTEP's address; null: all
     * @param underlayMtu to be taken for the underlay's; 0: as it is
     */
    List<MtuReport> mtus(@Nullable String target, int underlayMtu) throws ControlException;
}
