package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.Encaps;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.SegmentPort;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code segments.add} and {@code segments.set} say about a segment, each member as {@link #read} names it; null
 * leaves a setting as it is.
 *
 * <p>Thread: any; immutable.
 *
 * @param bridge empty: none
 * @param local empty: every address
 * @param mtu 0: computed from the underlay's
 */
record JsonSegmentChange(
        @Nullable Integer vni,
        @Nullable InterfaceName port,
        @Nullable String bridge,
        @Nullable Encap encap,
        @Nullable String local,
        @Nullable List<UdpAddress> remotes,
        @Nullable Integer ageingSeconds,
        @Nullable Integer maxMacs,
        @Nullable Integer floodLimitFps,
        @Nullable Boolean isOpen,
        @Nullable Boolean isStrict,
        @Nullable Boolean suppressesArp,
        @Nullable Boolean isLearning,
        @Nullable Integer mtu,
        @Nullable Boolean clampsMss) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}");
    private static final int MAX_AGEING_SECONDS = 1_000_000_000;
    private static final int MAX_MACS = 1 << 24;
    private static final int MAX_FLOOD_LIMIT = 100_000_000;
    private static final int MIN_MTU = 68;
    private static final int MAX_MTU = 65_535;

    static JsonSegmentChange read(JsonObject params) throws ControlException {
        String encap = params.text("encap");
        if (encap != null && Encaps.parse(encap) == null) {
            throw params.refusal("encap", "wireguard or vxlan");
        }
        Integer mtu = number(params, "mtu", 0, MAX_MTU);
        if (mtu != null && mtu != 0 && mtu < MIN_MTU) {
            throw params.refusal("mtu", "0, for auto, or " + MIN_MTU + " to " + MAX_MTU);
        }
        String bridge = params.text("bridge");
        if (bridge != null && !bridge.isEmpty()) {
            interfaceName("bridge", bridge);
        }
        String local = params.text("local");
        if (local != null && !local.isEmpty()) {
            vtep("local", local);
        }
        String port = params.text("port");
        return new JsonSegmentChange(
                number(params, "vni", 0, SegmentSection.MAX_VNI),
                port == null ? null : interfaceName("port", port),
                bridge,
                encap == null ? null : Encaps.parse(encap),
                local,
                remotes(params),
                number(params, "ageing", 0, MAX_AGEING_SECONDS),
                number(params, "maxMacs", 0, MAX_MACS),
                number(params, "floodLimit", 0, MAX_FLOOD_LIMIT),
                flag(params, "open"),
                flag(params, "strict"),
                flag(params, "suppressArp"),
                flag(params, "learning"),
                mtu,
                flag(params, "clampMss"));
    }

    /** A new segment's section. */
    SegmentSection toSection(String name) throws ControlException {
        if (!NAME.matcher(name).matches()) {
            throw JsonObject.refusal(
                    "name", "1 to 63 letters, digits, dots, hyphens and underscores", name);
        }
        if (vni == null || port == null) {
            throw invalid("a new segment needs \"vni\" and \"port\"");
        }
        return merge(
                new SegmentSection(
                        name,
                        vni,
                        new SegmentPort(port, null),
                        Encap.WIREGUARD,
                        null,
                        List.of(),
                        SegmentSection.DEFAULT_AGEING_SECONDS,
                        SegmentSection.DEFAULT_MAX_MACS,
                        SegmentSection.DEFAULT_FLOOD_LIMIT_FPS,
                        false,
                        false,
                        false,
                        true,
                        null,
                        false));
    }

    /** The section with what is given changed in it. */
    SegmentSection merge(SegmentSection old) throws ControlException {
        InterfaceName oldBridge = old.port().bridge();
        Integer newMtu = mtu == null ? old.mtu() : mtu;
        return new SegmentSection(
                old.name(),
                or(vni, old.vni()),
                new SegmentPort(
                        or(port, old.port().device()),
                        bridge == null
                                ? oldBridge
                                : bridge.isEmpty() ? null : new InterfaceName(bridge)),
                or(encap, old.encap()),
                local == null ? old.local() : local.isEmpty() ? null : vtep("local", local),
                or(remotes, old.remotes()),
                or(ageingSeconds, old.ageingSeconds()),
                or(maxMacs, old.maxMacs()),
                or(floodLimitFps, old.floodLimitFps()),
                or(isOpen, old.isOpen()),
                or(isStrict, old.isStrict()),
                or(suppressesArp, old.suppressesArp()),
                or(isLearning, old.isLearning()),
                newMtu == null || newMtu == 0 ? null : newMtu,
                or(clampsMss, old.clampsMss()));
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static @Nullable Integer number(
            JsonObject params, String name, int minimum, int maximum) throws ControlException {
        Long number = params.number(name, minimum, maximum);
        return number == null ? null : number.intValue();
    }

    private static @Nullable Boolean flag(JsonObject params, String name) throws ControlException {
        return params.has(name) ? params.flag(name) : null;
    }

    private static InterfaceName interfaceName(String member, String text) throws ControlException {
        InterfaceName name = InterfaceName.parse(text);
        if (name == null) {
            throw JsonObject.refusal(member, "the name of an interface", text);
        }
        return name;
    }

    private static @Nullable List<UdpAddress> remotes(JsonObject params) throws ControlException {
        List<String> texts = params.texts("remotes");
        if (texts == null) {
            return null;
        }
        List<UdpAddress> remotes = new ArrayList<>(texts.size());
        for (String text : texts) {
            remotes.add(vtep("remotes", text));
        }
        return remotes;
    }

    /** The address of a VTEP, with its port or without. */
    private static UdpAddress vtep(String member, String text) throws ControlException {
        UdpAddress address = UdpAddress.parse(text);
        if (address == null) {
            String host = text.indexOf(':') >= 0 ? "[" + text + "]" : text;
            address = UdpAddress.parse(host + ":" + SegmentSection.VXLAN_PORT);
        }
        if (address == null || address.port() == 0) {
            throw JsonObject.refusal(member, "IP, IPV4:PORT or [IPV6]:PORT", text);
        }
        if (!address.ip().isUnicast()) {
            throw JsonObject.refusal(member, "the unicast address of a VTEP", text);
        }
        return address;
    }

    private static ControlException invalid(String message) {
        return new ControlException(ExitCode.USAGE, "invalid-params", message);
    }
}
