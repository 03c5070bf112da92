package io.ovl.dataplane.path;

import static io.ovl.dataplane.io.TunTapQueue.VNET_HEADER_LENGTH;

import io.ovl.dataplane.buffer.PacketPool;
import io.ovl.dataplane.ip.Encap;

/**
 * The packet or super-packet that a worker is working on, on its way out: where it lies and what goes in front of it.
 *
 * <p>Thread: its worker, which has one and fills it anew for each packet. Units: bytes.
 */
final class OutboundPacket {
    /** Where the frame begins in its slot. */
    static final int FRAME_OFFSET = PacketPool.HEADROOM;

    /** Where the virtio header begins in the slot; the frame follows it. */
    static final int VNET_OFFSET = FRAME_OFFSET - VNET_HEADER_LENGTH;

    private int slot;
    private int length;
    private int linkLength;
    private Encap encap = Encap.NONE;
    private int vni;
    private int paddingLimit;

    /**
     * Describes another packet.
     *
     * @param length of the frame, without the virtio header
     * @param linkLength of the frame's link header: 0 for an IP packet
     * @param paddingLimit the length, headers of the encap included, above which nothing is padded
     */
    OutboundPacket set(
            int slot, int length, int linkLength, Encap encap, int vni, int paddingLimit) {
        this.slot = slot;
        this.length = length;
        this.linkLength = linkLength;
        this.encap = encap;
        this.vni = vni;
        this.paddingLimit = paddingLimit;
        return this;
    }

    int slot() {
        return slot;
    }

    int vnetOffset() {
        return slot + VNET_OFFSET;
    }

    int length() {
        return length;
    }

    int linkLength() {
        return linkLength;
    }

    Encap encap() {
        return encap;
    }

    int vni() {
        return vni;
    }

    int paddingLimit() {
        return paddingLimit;
    }
}
