package io.ovl.dataplane.testing;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An Ethernet frame that says which one it is, in which segment it was sent, and whether it is unaltered.
 *
 * <p>Thread: any; immutable.
 *
 * @param vlan 0: without a tag
 * @param vni of the segment in which it was sent, whatever the tunnel's header says
 */
public record SimulatedFrame(
        long destination, long source, int vlan, int vni, long id, int length) {
    /** Shortest frame there is: addresses, tag, type and numbers. */
    public static final int MIN_LENGTH = 36;

    public static final long BROADCAST = 0xffff_ffff_ffffL;

    /** What a tunnel fills up stays on a frame of which it cannot tell the length (WireGuard whitepaper §5.4.6). */
    private static final int MAX_PADDING = 15;

    private static final int VLAN_TYPE = 0x8100;

    /** IEEE 802: for experiments, and nothing that anybody would look into. */
    private static final int TYPE = 0x88b5;

    /** An untagged frame. */
    public static SimulatedFrame of(long destination, long source, int vni, long id) {
        return new SimulatedFrame(destination, source, 0, vni, id, 64);
    }

    /** What a TAP gave; an assertion error when anything of the frame is not as it was made. */
    public static SimulatedFrame read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long destination = mac(buffer);
        long source = mac(buffer);
        int type = buffer.getShort() & 0xffff;
        int vlan = 0;
        if (type == VLAN_TYPE) {
            vlan = buffer.getShort() & 0xfff;
            buffer.getShort();
        }
        int vni = buffer.getInt();
        long id = buffer.getLong();
        int length = buffer.getShort();
        SimulatedFrame frame = new SimulatedFrame(destination, source, vlan, vni, id, length);
        boolean isWhole = length <= bytes.length && length + MAX_PADDING >= bytes.length;
        if (!isWhole || !Arrays.equals(Arrays.copyOf(frame.bytes(), bytes.length), bytes)) {
            throw new AssertionError(frame + " is altered");
        }
        return frame;
    }

    /** The frame as a TAP reads it. */
    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        buffer.putShort((short) (destination >>> 32)).putInt((int) destination);
        buffer.putShort((short) (source >>> 32)).putInt((int) source);
        if (vlan != 0) {
            buffer.putShort((short) VLAN_TYPE).putShort((short) vlan);
        }
        buffer.putShort((short) TYPE).putInt(vni).putLong(id).putShort((short) length);
        while (buffer.hasRemaining()) {
            buffer.put((byte) (id * 31 + buffer.position()));
        }
        return buffer.array();
    }

    private static long mac(ByteBuffer buffer) {
        return (buffer.getShort() & 0xffffL) << 32 | buffer.getInt() & 0xffff_ffffL;
    }
}
