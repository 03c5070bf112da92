package io.ovl.config.parse;

import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.SegmentPort;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/** Reads a {@code [Segment NAME]}. */
final class SegmentBuilder extends SectionBuilder {
    private static final String PORT_ALLOWED =
            "Allowed: tap:DEVICE, and optionally bridge=DEVICE behind it.";

    private final String name;
    private int vni;
    private @Nullable SegmentPort port;
    private Encap encap = Encap.WIREGUARD;
    private @Nullable UdpAddress local;
    private final List<UdpAddress> remotes = new ArrayList<>();
    private int ageingSeconds = SegmentSection.DEFAULT_AGEING_SECONDS;
    private int maxMacs = SegmentSection.DEFAULT_MAX_MACS;
    private int floodLimitFps = SegmentSection.DEFAULT_FLOOD_LIMIT_FPS;
    private boolean isOpen;
    private boolean isStrict;
    private boolean suppressesArp;
    private boolean isLearning = true;
    private @Nullable Integer mtu;
    private boolean clampsMss;

    SegmentBuilder(String name, int line, ParseContext context) {
        super("[Segment " + name + "]", line, context.problems());
        this.name = name;
        integer("VNI", value -> Values.number(value, 0, SegmentSection.MAX_VNI), n -> vni = n);
        once("Port", this::setPort);
        once("Encap", this::setEncap);
        once("Local", value -> local = Values.vtep(value));
        list("Remote", value -> remotes.addAll(nonNull(value.items(), Values::vtep)));
        integer("Ageing", Values::seconds, n -> ageingSeconds = n);
        integer("MaxMacs", value -> Values.number(value, 0, 1 << 24), n -> maxMacs = n);
        integer(
                "FloodLimit",
                value -> Values.numberOrOff(value, 100_000_000),
                n -> floodLimitFps = n);
        bool("Open", b -> isOpen = b);
        bool("Strict", b -> isStrict = b);
        bool("SuppressArp", b -> suppressesArp = b);
        bool("Learning", b -> isLearning = b);
        once("MTU", value -> mtu = Values.mtu(value));
        bool("ClampMss", b -> clampsMss = b);
    }

    private interface NumberParser {
        @Nullable Integer parse(ConfigValue value);
    }

    private void integer(String key, NumberParser parser, Consumer<Integer> setter) {
        once(
                key,
                value -> {
                    Integer number = parser.parse(value);
                    if (number != null) {
                        setter.accept(number);
                    }
                });
    }

    private void bool(String key, Consumer<Boolean> setter) {
        once(
                key,
                value -> {
                    Boolean bool = Values.bool(value);
                    if (bool != null) {
                        setter.accept(bool);
                    }
                });
    }

    private void setPort(ConfigValue value) {
        InterfaceName device = null;
        InterfaceName bridge = null;
        boolean isValid = true;
        for (ConfigValue word : value.words()) {
            String text = word.text();
            if (device == null && text.startsWith("tap:")) {
                device = Values.interfaceName(word.from("tap:".length()));
                isValid &= device != null;
            } else if (bridge == null && text.startsWith("bridge=")) {
                bridge = Values.interfaceName(word.from("bridge=".length()));
                isValid &= bridge != null;
            } else {
                word.rejectAs(BadConfigReason.INVALID_CHOICE, "part of a port", PORT_ALLOWED);
                return;
            }
        }
        if (device != null && isValid) {
            port = new SegmentPort(device, bridge);
        } else if (isValid) {
            value.rejectAs(BadConfigReason.INVALID_CHOICE, "a port", PORT_ALLOWED);
        }
    }

    private void setEncap(ConfigValue value) {
        switch (value.text().toLowerCase(Locale.ROOT)) {
            case "wireguard" -> encap = Encap.WIREGUARD;
            case "vxlan" -> encap = Encap.VXLAN;
            default ->
                    value.rejectAs(
                            BadConfigReason.INVALID_CHOICE,
                            "an encapsulation",
                            "Allowed: wireguard (sealed), vxlan (in the clear).");
        }
    }

    String name() {
        return name;
    }

    Encap encap() {
        return encap;
    }

    int vni() {
        return vni;
    }

    @Nullable SegmentPort port() {
        return port;
    }

    void check() {
        require("VNI", "Give it a number from 0 to " + SegmentSection.MAX_VNI + ".");
        require("Port", "Give it a TAP device: Port = tap:DEVICE.");
        if (encap == Encap.WIREGUARD) {
            String found = "has a meaning only for a segment in the clear";
            String allowed = "Add Encap = vxlan, or list the segment at peers instead.";
            refuse("Local", found, allowed);
            refuse("Remote", found, allowed);
            refuse("Open", found, allowed);
        }
        UdpAddress from = local;
        if (from != null
                && remotes.stream().anyMatch(to -> to.ip().isIpv6() != from.ip().isIpv6())) {
            refuse(
                    "Remote",
                    "is of another address family than Local",
                    "Use IPv4 for both, or IPv6 for both.");
        }
    }

    /** After {@link #check} reported nothing. */
    SegmentSection build() {
        return new SegmentSection(
                name,
                vni,
                Objects.requireNonNull(port),
                encap,
                local,
                remotes.stream().distinct().toList(),
                ageingSeconds,
                maxMacs,
                floodLimitFps,
                isOpen,
                isStrict,
                suppressesArp,
                isLearning,
                mtu,
                clampsMss);
    }
}
