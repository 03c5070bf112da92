package io.ovl.dataplane.l2;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/**
 * What workers observed, on its way to the conductor. Bounded: what does not fit is forgotten and counted, and offered
 * again with the next frame. It has a ring to itself, so that a flood of new addresses takes nothing from handshakes.
 *
 * <p>Thread: any worker offers, the conductor drains. Wire: within the process only; native byte order.
 *
 * <pre>
 *          0           8     12      16       24        32
 *  mac     +-----------+-----+-------+--------+
 *          | mac, vlan | VNI | port  | seenNs |
 *          +-----------+-----+-------+--------+---------+
 *  neighbor, vtep      | ... | flags | seenNs | ip high | ip low
 *          +-----------+-----+-------+--------+---------+--------
 * </pre>
 */
public final class LearnRing {
    private static final int CAPACITY = 128 * 1024;

    private static final int MAC_TYPE = 1;
    private static final int NEIGHBOR_TYPE = 2;
    private static final int VTEP_TYPE = 3;

    private static final int KEY_OFFSET = 0;
    private static final int VNI_OFFSET = 8;
    private static final int DETAIL_OFFSET = 12;
    private static final int SEEN_OFFSET = 16;
    private static final int MAC_LENGTH = 24;
    private static final int IP_HIGH_OFFSET = 24;
    private static final int IP_LOW_OFFSET = 32;
    private static final int ADDRESS_LENGTH = 40;

    private static final int IPV6_FLAG = 1 << 31;

    private final ManyToOneRingBuffer ring =
            new ManyToOneRingBuffer(
                    new UnsafeBuffer(
                            ByteBuffer.allocateDirect(
                                    CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
    private final LearnHandler handler;
    private final MessageHandler onMessage = this::onMessage;

    public LearnRing(LearnHandler handler) {
        this.handler = handler;
    }

    /** Offers a source address; false when the ring is full. */
    public boolean offerMac(int vni, long mac, int vlan, int port, long seenNs) {
        int index = ring.tryClaim(MAC_TYPE, MAC_LENGTH);
        if (index < 0) {
            return false;
        }
        put(index, mac << 16 | vlan, vni, port, seenNs);
        ring.commit(index);
        return true;
    }

    /** Offers an IP address and where it answers; false when the ring is full. */
    public boolean offerNeighbor(
            int vni, int vlan, boolean isIpv6, long ipHigh, long ipLow, long link, long seenNs) {
        int index = ring.tryClaim(NEIGHBOR_TYPE, ADDRESS_LENGTH);
        if (index < 0) {
            return false;
        }
        put(index, link, vni, isIpv6 ? vlan | IPV6_FLAG : vlan, seenNs);
        putAddress(index, ipHigh, ipLow);
        ring.commit(index);
        return true;
    }

    /** Offers an unknown VTEP of an open segment; false when the ring is full. */
    public boolean offerVtep(
            int vni, boolean isIpv6, long ipHigh, long ipLow, int udpPort, long seenNs) {
        int index = ring.tryClaim(VTEP_TYPE, ADDRESS_LENGTH);
        if (index < 0) {
            return false;
        }
        put(index, 0, vni, isIpv6 ? udpPort | IPV6_FLAG : udpPort, seenNs);
        putAddress(index, ipHigh, ipLow);
        ring.commit(index);
        return true;
    }

    /** Hands at most {@code limit} observations to the handler; returns how many. */
    public int drain(int limit) {
        return ring.read(onMessage, limit);
    }

    private void put(int index, long key, int vni, int detail, long seenNs) {
        MutableDirectBuffer buffer = ring.buffer();
        buffer.putLong(index + KEY_OFFSET, key);
        buffer.putInt(index + VNI_OFFSET, vni);
        buffer.putInt(index + DETAIL_OFFSET, detail);
        buffer.putLong(index + SEEN_OFFSET, seenNs);
    }

    private void putAddress(int index, long ipHigh, long ipLow) {
        MutableDirectBuffer buffer = ring.buffer();
        buffer.putLong(index + IP_HIGH_OFFSET, ipHigh);
        buffer.putLong(index + IP_LOW_OFFSET, ipLow);
    }

    private void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        long key = buffer.getLong(index + KEY_OFFSET);
        int vni = buffer.getInt(index + VNI_OFFSET);
        int detail = buffer.getInt(index + DETAIL_OFFSET);
        long seenNs = buffer.getLong(index + SEEN_OFFSET);
        if (type == MAC_TYPE) {
            handler.onMac(vni, key >>> 16, (int) key & 0xfff, detail, seenNs);
            return;
        }
        boolean isIpv6 = (detail & IPV6_FLAG) != 0;
        long ipHigh = buffer.getLong(index + IP_HIGH_OFFSET);
        long ipLow = buffer.getLong(index + IP_LOW_OFFSET);
        if (type == NEIGHBOR_TYPE) {
            handler.onNeighbor(vni, detail & 0xfff, isIpv6, ipHigh, ipLow, key, seenNs);
        } else {
            handler.onVtep(vni, isIpv6, ipHigh, ipLow, detail & 0xffff, seenNs);
        }
    }
}
