package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A {@code [Segment NAME]} of a configuration file: one VNI, one broadcast domain.
 *
 * <p>Thread: any; immutable. Units: {@code ageingSeconds} 0: entries never age. {@code floodLimitFps} frames per second
 * of broadcast, unknown unicast and multicast; 0: no limit.
 *
 * @param vni 0 to 2^24-1
 * @param local the address and port to receive plain VXLAN on; null: every address, port 4789
 * @param remotes VTEPs to flood to in the clear
 * @param isOpen accepts plain VXLAN from any VTEP
 * @param isStrict drops VXLAN headers with reserved bits set
 * @param suppressesArp answers ARP and neighbour solicitations from what was seen
 * @param isLearning learns MAC addresses from frames
 * @param mtu null: computed from the underlay's
 * @param clampsMss lowers the MSS of TCP handshakes to what fits
 */
public record SegmentSection(
        String name,
        int vni,
        SegmentPort port,
        Encap encap,
        @Nullable UdpAddress local,
        List<UdpAddress> remotes,
        int ageingSeconds,
        int maxMacs,
        int floodLimitFps,
        boolean isOpen,
        boolean isStrict,
        boolean suppressesArp,
        boolean isLearning,
        @Nullable Integer mtu,
        boolean clampsMss) {
    public static final int MAX_VNI = (1 << 24) - 1;

    /** RFC 7348 §5. */
    public static final int VXLAN_PORT = 4789;

    /** bridge(8)'s default. */
    public static final int DEFAULT_AGEING_SECONDS = 300;

    public static final int DEFAULT_MAX_MACS = 8192;

    /** Far above what ARP and DHCP of a few thousand hosts need, far below what a loop would make. */
    public static final int DEFAULT_FLOOD_LIMIT_FPS = 10_000;

    /** What {@link #isCutOff} comes to, for a warning. */
    public static final String CUT_OFF = "it sends to nobody, and takes nothing from anybody";

    public SegmentSection {
        remotes = List.copyOf(remotes);
    }

    /** Whether it travels in the clear and names no VTEP, nor learns of any. */
    public boolean isCutOff() {
        return encap == Encap.VXLAN && remotes.isEmpty() && !isOpen;
    }
}
