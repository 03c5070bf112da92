package io.ovl.dataplane.l2;

import java.util.ArrayList;
import java.util.List;

/**
 * The MTU that an underlay's leaves to the overlay, and the sum that it comes from.
 *
 * <p>WireGuard data is padded to 16 bytes, but never beyond what the underlay carries, so that a full packet costs no
 * padding.
 *
 * <p>Thread: any; immutable. Units: bytes.
 *
 * @param isOverlayIpv6 whether the addresses inside the tunnel are IPv6: of {@link WireMode#STANDARD} only
 * @param underlayMtu of the path between the two hosts
 */
public record OverlayMtu(
        WireMode mode, boolean isUnderlayIpv6, boolean isOverlayIpv6, int underlayMtu) {
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int UDP_LENGTH = 8;
    private static final int VXLAN_LENGTH = 8;

    /** Data message header 16, tag 16 (WireGuard whitepaper §5.4.6). */
    private static final int WIREGUARD_LENGTH = 32;

    private static final int PADDING = 16;
    private static final int MIN_IPV6_MTU = 1280;

    public OverlayMtu {
        if (underlayMtu > 0xffff + 1
                || underlayMtu <= overhead(mode, isUnderlayIpv6, isOverlayIpv6)) {
            throw new IllegalArgumentException(
                    "an underlay MTU of "
                            + underlayMtu
                            + " carries nothing in mode "
                            + mode.label());
        }
    }

    private static int overhead(WireMode mode, boolean isUnderlayIpv6, boolean isOverlayIpv6) {
        int outer = (isUnderlayIpv6 ? IPV6_LENGTH : IPV4_LENGTH) + UDP_LENGTH;
        int vxlan = VXLAN_LENGTH + EthernetFlyweight.HEADER_LENGTH;
        return switch (mode) {
            case L3 -> outer + WIREGUARD_LENGTH;
            case COMPACT -> outer + WIREGUARD_LENGTH + vxlan;
            case STANDARD ->
                    outer
                            + WIREGUARD_LENGTH
                            + (isOverlayIpv6 ? IPV6_LENGTH : IPV4_LENGTH)
                            + UDP_LENGTH
                            + vxlan;
            case VXLAN -> outer + vxlan;
        };
    }

    /** Bytes of a full packet that are not the overlay's IP packet. */
    public int overhead() {
        return overhead(mode, isUnderlayIpv6, isOverlayIpv6);
    }

    /** What the TUN or TAP is set to: the largest IP packet inside. VLAN tags come on top, and off what fits. */
    public int mtu() {
        return underlayMtu - overhead();
    }

    /** The longest data of a WireGuard message. */
    public int maxDataLength() {
        return underlayMtu
                - (isUnderlayIpv6 ? IPV6_LENGTH : IPV4_LENGTH)
                - UDP_LENGTH
                - (mode.isSealed() ? WIREGUARD_LENGTH : 0);
    }

    /** Length of {@code length} bytes of WireGuard data with padding. */
    public int paddedLength(int length) {
        int padded = length + PADDING - 1 & -PADDING;
        return Math.max(length, Math.min(padded, maxDataLength()));
    }

    /** Length of the underlay packet around an overlay IP packet of {@code length} bytes. */
    public int underlayLength(int length) {
        int outer = underlayMtu - maxDataLength();
        int data = length + overhead() - outer;
        return outer + (mode.isSealed() ? paddedLength(data) : data);
    }

    /** The sum, a line for each summand, and what else is to know. */
    public List<String> explanation() {
        List<String> lines = new ArrayList<>();
        lines.add(line(' ', underlayMtu, "MTU of the underlay"));
        lines.add(ipLine(isUnderlayIpv6, "outer"));
        lines.add(line('-', UDP_LENGTH, "outer UDP header"));
        if (mode.isSealed()) {
            lines.add(line('-', WIREGUARD_LENGTH, "WireGuard data header (16) and tag (16)"));
        }
        if (mode == WireMode.STANDARD) {
            lines.add(ipLine(isOverlayIpv6, "inner"));
            lines.add(line('-', UDP_LENGTH, "inner UDP header"));
        }
        if (mode.isEthernet()) {
            lines.add(line('-', VXLAN_LENGTH, "VXLAN header"));
            lines.add(line('-', EthernetFlyweight.HEADER_LENGTH, "inner Ethernet header"));
        }
        lines.add(
                line('=', mtu(), mode.isEthernet() ? "MTU of the TAP" : "largest MTU of the TUN"));
        if (mode.isSealed()) {
            lines.add(
                    "padding to 16 bytes ends at "
                            + maxDataLength()
                            + " bytes of data, so a full packet carries none");
        }
        if (mode.isEthernet()) {
            lines.add("a VLAN tag takes 4 bytes more: " + (mtu() - 4) + " for tagged frames");
        }
        if (mode == WireMode.STANDARD) {
            lines.add(
                    "the other side's WireGuard interface needs an MTU of "
                            + (mtu() + overhead() - (underlayMtu - maxDataLength()))
                            + "; at its usual 1420 the VXLAN device inside it carries "
                            + (1420 - (overhead() - (underlayMtu - maxDataLength()))));
        }
        if (mtu() < MIN_IPV6_MTU) {
            lines.add("IPv6 needs an MTU of 1280: it does not work over this path");
        }
        return lines;
    }

    private static String ipLine(boolean isIpv6, String which) {
        return isIpv6
                ? line('-', IPV6_LENGTH, which + " IPv6 header")
                : line('-', IPV4_LENGTH, which + " IPv4 header");
    }

    private static String line(char sign, int value, String what) {
        return String.format("%c %5d  %s", sign, value, what);
    }
}
