package io.ovl.config.ctl;

import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened in the forwarding database, as a daemon reports it to those who watch.
 *
 * <p>Thread: any; immutable.
 *
 * @param time wall clock time
 * @param event {@code learned}, {@code moved}, {@code aged}, {@code evicted}, {@code held}, {@code released},
 *     {@code added} or {@code deleted}; {@code lost} when {@code lostCount} events could not be told
 * @param kind of the port where the entry is, or was last
 * @param previousKind of the port that it moved from, or that frames of a held one come from as well; else null
 */
public record FdbEventReport(
        Instant time,
        String event,
        String mac,
        int vni,
        String segment,
        int vlan,
        String kind,
        String port,
        @Nullable String previousKind,
        @Nullable String previousPort,
        long lostCount) {
    private static final int MAX_VLAN = 4095;

    /** So many events came faster than the watcher took them. */
    static FdbEventReport lost(Instant time, long count) {
        return new FdbEventReport(time, "lost", "", 0, "", 0, "", "", null, null, count);
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("time", time.toString());
        json.put("event", event);
        if (lostCount > 0) {
            json.put("count", lostCount);
            return json;
        }
        json.put("mac", mac);
        json.put("vni", vni);
        json.put("segment", segment);
        json.put("vlan", vlan == 0 ? null : vlan);
        json.put("kind", kind);
        json.put("port", port);
        if (previousKind != null) {
            json.put("previousKind", previousKind);
            json.put("previousPort", previousPort);
        }
        return json;
    }

    static FdbEventReport fromJson(JsonObject json) throws ControlException {
        Instant time = json.time("time");
        Instant at = time == null ? Instant.EPOCH : time;
        String event = json.requiredText("event");
        long lostCount = json.number("count", 0, Long.MAX_VALUE, 0);
        if (lostCount > 0) {
            return lost(at, lostCount);
        }
        return new FdbEventReport(
                at,
                event,
                json.requiredText("mac"),
                (int) json.number("vni", 0, SegmentSection.MAX_VNI, 0),
                json.requiredText("segment"),
                (int) json.number("vlan", 0, MAX_VLAN, 0),
                json.requiredText("kind"),
                json.requiredText("port"),
                json.text("previousKind"),
                json.text("previousPort"),
                0);
    }

    /** One line for a person: the event, then the entry in the words that {@code fdb add} takes. */
    String words() {
        if (lostCount > 0) {
            return event + " " + lostCount + " events";
        }
        StringBuilder words = new StringBuilder(event).append(' ').append(mac);
        words.append(' ').append(FdbReport.portWords(kind, port)).append(" vni ").append(vni);
        if (vlan != 0) {
            words.append(" vlan ").append(vlan);
        }
        if (previousKind != null && previousPort != null) {
            words.append(event.equals("held") ? " also " : " from ")
                    .append(FdbReport.portWords(previousKind, previousPort));
        }
        return words.toString();
    }
}
