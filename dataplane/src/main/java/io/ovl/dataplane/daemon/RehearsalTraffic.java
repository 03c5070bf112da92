package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.TunTapQueue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP flow as the kernel hands it to a device: super-packets one way, acknowledgements the other.
 *
 * <p>Thread: one.
 */
final class RehearsalTraffic {
    private static final int HEADERS_LENGTH = 40;
    private static final int SEGMENT_LENGTH = 1380;
    private static final int SEGMENTS = 20;
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RehearsalLink linkA;
    private final RehearsalLink linkB;
    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 17);
    private final ByteBuffer data;
    private final ByteBuffer acknowledgement;
    private int sequence = 1;

    RehearsalTraffic(RehearsalLink linkA, RehearsalLink linkB) {
        this.linkA = linkA;
        this.linkB = linkB;
        data = packet(1, 2, SEGMENTS * SEGMENT_LENGTH);
        acknowledgement = packet(2, 1, 0);
    }

    /** One super-packet from a to b and its acknowledgement from b to a; what is lost is lost. */
    void exchange() throws IOException {
        data.putInt(TunTapQueue.VNET_HEADER_LENGTH + 24, sequence);
        sequence += SEGMENTS * SEGMENT_LENGTH;
        acknowledgement.putInt(TunTapQueue.VNET_HEADER_LENGTH + 28, sequence);
        linkA.send(data);
        await(linkB, SEGMENTS * SEGMENT_LENGTH);
        linkB.send(acknowledgement);
        await(linkA, 1);
    }

    private void await(RehearsalLink link, int length) throws IOException {
        long startNs = System.nanoTime();
        int arrived = 0;
        while (arrived < length && System.nanoTime() - startNs < WAIT_NS) {
            int count = link.receive(received);
            if (count > 0) {
                arrived += count - TunTapQueue.VNET_HEADER_LENGTH;
            } else {
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    /** A virtio header, an IPv4 and a TCP header, the latter's checksum that of the pseudo header as the kernel leaves it. */
    private static ByteBuffer packet(int source, int destination, int payloadLength) {
        int length = HEADERS_LENGTH + payloadLength;
        ByteBuffer frame = ByteBuffer.allocateDirect(TunTapQueue.VNET_HEADER_LENGTH + length);
        frame.order(ByteOrder.nativeOrder());
        boolean isSuperPacket = payloadLength > SEGMENT_LENGTH;
        frame.put((byte) 1) // the checksum is to be finished
                .put((byte) (isSuperPacket ? 1 : 0)) // TCP over IPv4
                .putShort((short) HEADERS_LENGTH)
                .putShort((short) (isSuperPacket ? SEGMENT_LENGTH : 0))
                .putShort((short) 20) // where to sum up from
                .putShort((short) 16); // where the sum goes, from there
        frame.order(ByteOrder.BIG_ENDIAN);
        frame.putShort((short) 0x4500).putShort((short) length).putInt(0x00004000);
        frame.put((byte) 64).put((byte) 6).putShort((short) 0);
        frame.putInt(0x0a000000 | source).putInt(0x0a000000 | destination);
        int headerSum = 0x4500 + length + 0x4000 + 0x4006 + 2 * 0x0a00 + source + destination;
        int ipv4Start = TunTapQueue.VNET_HEADER_LENGTH;
        frame.putShort(ipv4Start + 10, (short) ~fold(headerSum));
        int pseudoSum = 2 * 0x0a00 + source + destination + 6 + 20 + payloadLength;
        frame.putShort((short) 5000).putShort((short) 5001).putInt(1).putInt(1);
        frame.putShort((short) 0x5010).putShort((short) 0xffff);
        frame.putShort((short) fold(pseudoSum)).putShort((short) 0);
        return frame.clear();
    }

    private static int fold(int sum) {
        int folded = (sum & 0xffff) + (sum >>> 16);
        return (folded & 0xffff) + (folded >>> 16);
    }
}
