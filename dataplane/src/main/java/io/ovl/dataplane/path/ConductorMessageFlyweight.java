package io.ovl.dataplane.path;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.ReceiveBatch;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The messages on the ring from workers to the conductor.
 *
 * <p>Wire: native byte order, inside the process only.
 *
 * <pre>
 * HANDSHAKE_MESSAGE                              HANDSHAKE_WANTED, KEYPAIR_CONFIRMED, DEVICE_GONE
 *  0  source address, high 64 bits                0  peer id
 *  8  source address, low 64 bits                 4  value: a local index or 0; the port id
 * 16  local address, high 64 bits
 * 24  local address, low 64 bits
 * 32  source port
 * 36  source scope id
 * 40  local interface index
 * 44  1 for IPv6, 0 for IPv4
 * 48  the message as it came, to the record's end
 * </pre>
 *
 * <p>Thread: any; no state.
 */
public final class ConductorMessageFlyweight {
    /** A handshake message as it came off the wire, and where it came from. */
    public static final int HANDSHAKE_MESSAGE = 1;

    /** A peer has packets to send and no keypair, or the one whose local index is the value, which is too old. */
    public static final int HANDSHAKE_WANTED = 2;

    /** A peer has used a keypair for the first time. */
    public static final int KEYPAIR_CONFIRMED = 3;

    /** The TUN or a TAP has been deleted. */
    public static final int DEVICE_GONE = 4;

    static final int SOURCE_HIGH_OFFSET = 0;
    static final int SOURCE_LOW_OFFSET = 8;
    static final int LOCAL_HIGH_OFFSET = 16;
    static final int LOCAL_LOW_OFFSET = 24;
    static final int SOURCE_PORT_OFFSET = 32;
    static final int SCOPE_ID_OFFSET = 36;
    static final int LOCAL_INTERFACE_OFFSET = 40;
    static final int IS_IPV6_OFFSET = 44;

    /** Bytes in front of the handshake message. */
    public static final int HANDSHAKE_HEADER_LENGTH = 48;

    /** Length of the ring record of an initiation, the most common handshake message, for counting how many wait. */
    public static final int TYPICAL_HANDSHAKE_RECORD_LENGTH = 208;

    static final int PEER_ID_OFFSET = 0;
    static final int VALUE_OFFSET = 4;
    static final int PEER_MESSAGE_LENGTH = 8;

    private ConductorMessageFlyweight() {}

    static void putHandshakeMessage(
            MutableDirectBuffer out,
            int at,
            ReceiveBatch batch,
            int index,
            int offset,
            int length) {
        out.putLong(at + SOURCE_HIGH_OFFSET, batch.sourceHigh(index));
        out.putLong(at + SOURCE_LOW_OFFSET, batch.sourceLow(index));
        out.putLong(at + LOCAL_HIGH_OFFSET, batch.localHigh(index));
        out.putLong(at + LOCAL_LOW_OFFSET, batch.localLow(index));
        out.putInt(at + SOURCE_PORT_OFFSET, batch.sourcePort(index));
        out.putInt(at + SCOPE_ID_OFFSET, batch.sourceScopeId(index));
        out.putInt(at + LOCAL_INTERFACE_OFFSET, batch.localInterface(index));
        out.putInt(at + IS_IPV6_OFFSET, batch.isIpv6(index) ? 1 : 0);
        out.putBytes(at + HANDSHAKE_HEADER_LENGTH, batch.buffer(), offset, length);
    }

    /** Where the handshake message came from, and which local address it reached. */
    public static Endpoint endpoint(DirectBuffer buffer, int at) {
        boolean isIpv6 = buffer.getInt(at + IS_IPV6_OFFSET) != 0;
        UdpAddress address =
                new UdpAddress(
                        new IpAddress(
                                isIpv6,
                                buffer.getLong(at + SOURCE_HIGH_OFFSET),
                                buffer.getLong(at + SOURCE_LOW_OFFSET)),
                        buffer.getInt(at + SOURCE_PORT_OFFSET),
                        buffer.getInt(at + SCOPE_ID_OFFSET));
        IpAddress local =
                new IpAddress(
                        isIpv6,
                        buffer.getLong(at + LOCAL_HIGH_OFFSET),
                        buffer.getLong(at + LOCAL_LOW_OFFSET));
        return new Endpoint(address, local, buffer.getInt(at + LOCAL_INTERFACE_OFFSET));
    }

    public static int peerId(DirectBuffer buffer, int at) {
        return buffer.getInt(at + PEER_ID_OFFSET);
    }

    public static int value(DirectBuffer buffer, int at) {
        return buffer.getInt(at + VALUE_OFFSET);
    }
}
