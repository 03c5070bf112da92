package io.ovl.config.ctl;

import io.ovl.config.model.Encap;
import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A segment as a daemon reports it on the control socket: how it is set, and how it is.
 *
 * <p>Thread: any; immutable. Units: {@code ageingSeconds} 0: never; {@code floodLimit} frames per second, 0: no limit.
 *
 * @param encap {@code wireguard} or {@code vxlan}
 * @param port the TAP's name
 * @param mtu what the TAP has, 0 when that is not known
 * @param isMtuFixed whether the MTU was set, rather than computed from the underlay's
 * @param macCount how many learned MAC addresses the forwarding database holds for it
 * @param peers by name, or by key where they have none
 * @param offloads those of the TAP: {@code tso4}
 * @param isLooping whether its own frames come back to it
 */
public record SegmentReport(
        String name,
        int vni,
        String encap,
        String port,
        @Nullable String bridge,
        @Nullable String local,
        List<String> remotes,
        int ageingSeconds,
        int maxMacs,
        int floodLimit,
        boolean isOpen,
        boolean isStrict,
        boolean suppressesArp,
        boolean isLearning,
        boolean clampsMss,
        int mtu,
        boolean isMtuFixed,
        int macCount,
        List<String> peers,
        List<String> offloads,
        boolean isLooping) {

    public static SegmentReport of(
            SegmentSection segment,
            int mtu,
            int macCount,
            List<String> peers,
            List<String> offloads,
            boolean isLooping) {
        return new SegmentReport(
                segment.name(),
                segment.vni(),
                Encaps.label(segment.encap()),
                segment.port().device().text(),
                segment.port().bridge() == null ? null : segment.port().bridge().text(),
                segment.local() == null ? null : segment.local().toString(),
                segment.remotes().stream().map(Objects::toString).toList(),
                segment.ageingSeconds(),
                segment.maxMacs(),
                segment.floodLimitFps(),
                segment.isOpen(),
                segment.isStrict(),
                segment.suppressesArp(),
                segment.isLearning(),
                segment.clampsMss(),
                mtu,
                segment.mtu() != null,
                macCount,
                peers,
                offloads,
                isLooping);
    }

    /** Whether it travels in the clear and names no VTEP, nor learns of any. */
    boolean isCutOff() {
        return encap.equals(Encaps.label(Encap.VXLAN)) && remotes.isEmpty() && !isOpen;
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("vni", vni);
        json.put("encap", encap);
        json.put("port", port);
        json.put("bridge", bridge);
        json.put("local", local);
        json.put("remotes", remotes);
        json.put("ageing", ageingSeconds);
        json.put("maxMacs", maxMacs);
        json.put("floodLimit", floodLimit);
        json.put("open", isOpen);
        json.put("strict", isStrict);
        json.put("suppressArp", suppressesArp);
        json.put("learning", isLearning);
        json.put("clampMss", clampsMss);
        json.put("mtu", mtu);
        json.put("mtuFixed", isMtuFixed);
        json.put("macs", macCount);
        json.put("peers", peers);
        json.put("offloads", offloads);
        json.put("looping", isLooping);
        return json;
    }

    static SegmentReport fromJson(JsonObject json) throws ControlException {
        List<String> remotes = json.texts("remotes");
        List<String> peers = json.texts("peers");
        List<String> offloads = json.texts("offloads");
        return new SegmentReport(
                json.requiredText("name"),
                (int) json.number("vni", 0, SegmentSection.MAX_VNI, 0),
                json.requiredText("encap"),
                json.requiredText("port"),
                json.text("bridge"),
                json.text("local"),
                remotes == null ? List.of() : remotes,
                number(json, "ageing"),
                number(json, "maxMacs"),
                number(json, "floodLimit"),
                json.flag("open"),
                json.flag("strict"),
                json.flag("suppressArp"),
                json.flag("learning"),
                json.flag("clampMss"),
                number(json, "mtu"),
                json.flag("mtuFixed"),
                number(json, "macs"),
                peers == null ? List.of() : peers,
                offloads == null ? List.of() : offloads,
                json.flag("looping"));
    }

    private static int number(JsonObject json, String name) throws ControlException {
        return (int) json.number(name, 0, Integer.MAX_VALUE, 0);
    }
}
