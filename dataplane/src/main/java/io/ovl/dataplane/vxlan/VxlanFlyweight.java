package io.ovl.dataplane.vxlan;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.dataplane.stats.DropReason;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The VXLAN header, which fits one 64-bit word.
 *
 * <p>Thread: any; stateless. Wire: big-endian, RFC 7348 §5. Drops: {@link DropReason#VXLAN_BAD_FLAGS}, under strict
 * {@link DropReason#VXLAN_GPE} and {@link DropReason#VXLAN_GBP} too. Deviation: the kernel's device always drops
 * headers with reserved bits set; the RFC says to ignore them, and so does ovl unless strict.
 *
 * <pre>
 *   63          56 55                    32 31                     8 7         0
 *  +--------------+------------------------+------------------------+-----------+
 *  | R R R R I RRR| reserved               | VNI                    | reserved  |
 *  +--------------+------------------------+------------------------+-----------+
 *    G       P       of the group policy (GBP) and generic protocol (GPE) extensions
 * </pre>
 */
public final class VxlanFlyweight {
    public static final int HEADER_LENGTH = 8;

    /** UDP destination port (RFC 7348 §5). */
    public static final int PORT = 4789;

    /** First byte of a header that ovl writes: neither an IPv4 nor an IPv6 packet starts like that. */
    public static final int FIRST_BYTE = 0x08;

    /** The VNI is valid. */
    public static final long VALID_VNI = 0x08L << 56;

    /** A group policy id is there (draft-smith-vxlan-group-policy §2.1). */
    public static final long GROUP_POLICY = 0x80L << 56;

    /** The payload need not be Ethernet (draft-ietf-nvo3-vxlan-gpe §3.1). */
    public static final long NEXT_PROTOCOL = 0x04L << 56;

    private static final int VNI_SHIFT = 8;
    private static final long VNI_MASK = 0xff_ffffL << VNI_SHIFT;
    private static final long RESERVED_MASK = ~(VALID_VNI | VNI_MASK);

    private VxlanFlyweight() {}

    /** Writes a header, reserved bits zero. */
    public static void put(UnsafeBuffer buffer, int offset, int vni) {
        buffer.putLong(offset, VALID_VNI | (long) vni << VNI_SHIFT, BIG_ENDIAN);
    }

    /** Reads the header. */
    public static long word(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset, BIG_ENDIAN);
    }

    public static int vni(long word) {
        return (int) ((word & VNI_MASK) >>> VNI_SHIFT);
    }

    /** Why the header is to be dropped; null when it is not. */
    public static @Nullable DropReason validate(long word, boolean isStrict) {
        if ((word & VALID_VNI) == 0) {
            return DropReason.VXLAN_BAD_FLAGS;
        }
        if (!isStrict || (word & RESERVED_MASK) == 0) {
            return null;
        }
        if ((word & NEXT_PROTOCOL) != 0) {
            return DropReason.VXLAN_GPE;
        }
        return (word & GROUP_POLICY) != 0 ? DropReason.VXLAN_GBP : DropReason.VXLAN_BAD_FLAGS;
    }
}
