package io.ovl.dataplane.control;

import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.LazyList;
import io.ovl.dataplane.l2.FdbState;
import io.ovl.dataplane.l2.MacText;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Entries of the forwarding database as they were at one moment: a row each until somebody wants to read them, for a
 * large table is quickly noted and slowly put into words.
 *
 * <p>Thread: any; one sorts it.
 */
public final class FdbSnapshot {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Comparator<Row> ORDER =
            Comparator.comparingInt(Row::vni)
                    .thenComparingLong(Row::mac)
                    .thenComparingInt(Row::vlan);

    private final List<Row> rows;

    /** An entry, and its port in words. */
    record Row(int vni, long mac, int vlan, Place place, FdbState state, long ageNs) {
        FdbReport report() {
            return new FdbReport(
                    MacText.format(mac),
                    vni,
                    place.segment(),
                    vlan,
                    place.kind(),
                    place.port(),
                    state.label(),
                    ageNs / SECOND_NS);
        }
    }

    /** A port in a segment, in words. */
    record Place(String segment, String kind, String port) {}

    /** @param rows taken */
    FdbSnapshot(List<Row> rows) {
        this.rows = rows;
    }

    /** By segment, MAC address and VLAN. */
    FdbSnapshot sort() {
        rows.sort(ORDER);
        return this;
    }

    List<FdbReport> reports() {
        return rows.stream().map(Row::report).toList();
    }

    /** The entries as JSON, each made when it is asked for. */
    List<Map<String, @Nullable Object>> toJson() {
        return new LazyList<>(rows, row -> row.report().toJson());
    }
}
