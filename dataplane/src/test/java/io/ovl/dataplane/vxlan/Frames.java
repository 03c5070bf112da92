package io.ovl.dataplane.vxlan;

import io.ovl.dataplane.ip.Encap;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Frames in off-heap memory with headroom, built field by field. */
final class Frames {
    static final int HEADROOM = 128;

    private Frames() {}

    static UnsafeBuffer of(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        UnsafeBuffer buffer = buffer();
        buffer.putBytes(HEADROOM, bytes);
        return buffer;
    }

    static UnsafeBuffer buffer() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(HEADROOM + 2048));
    }

    /** UDP between two addresses and ports in an untagged frame; returns its length. */
    static int putUdp4(
            UnsafeBuffer buffer,
            int typeOfService,
            int ttl,
            int source,
            int destination,
            int ports) {
        ByteBuffer frame =
                ByteBuffer.allocate(14 + 20 + 8 + 10)
                        .put(HexFormat.of().parseHex("0200000000010200000000020800"))
                        .put((byte) 0x45)
                        .put((byte) typeOfService)
                        .putShort((short) 38)
                        .putInt(0)
                        .put((byte) ttl)
                        .put((byte) 17)
                        .putShort((short) 0)
                        .putInt(source)
                        .putInt(destination)
                        .putInt(ports)
                        .putShort((short) 18)
                        .putShort((short) 0);
        int sum = 0;
        for (int i = 14; i < 34; i += 2) {
            sum += frame.getShort(i) & 0xffff;
        }
        frame.putShort(24, (short) ~(sum % 0xffff));
        buffer.putBytes(HEADROOM, frame.array());
        return frame.capacity();
    }

    /** The same over IPv6. */
    static int putUdp6(UnsafeBuffer buffer, int trafficClass, int hopLimit, int ports) {
        ByteBuffer frame =
                ByteBuffer.allocate(14 + 40 + 8 + 10)
                        .put(HexFormat.of().parseHex("02000000000102000000000286dd"))
                        .putInt(6 << 28 | trafficClass << 20)
                        .putShort((short) 18)
                        .put((byte) 17)
                        .put((byte) hopLimit)
                        .putLong(0xfd00L << 48)
                        .putLong(1)
                        .putLong(0xfd00L << 48)
                        .putLong(2)
                        .putInt(ports)
                        .putShort((short) 18);
        buffer.putBytes(HEADROOM, frame.array());
        return frame.capacity();
    }

    /** Puts the headers in front of the frame. Returns where they start. */
    static int put(Encap encap, UnsafeBuffer buffer, int length, int vni) {
        encap.apply(buffer, HEADROOM, length, vni);
        return HEADROOM - encap.headerLength();
    }
}
