package io.ovl.dataplane.ip;

import io.ovl.dataplane.buffer.GatherList;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Joins consecutive TCP segments or UDP datagrams of one flow into super-packets, one device write each.
 *
 * <p>Packets leave in the order in which they came: one super-packet is open at a time, and whatever does not continue
 * it closes it. Senders emit the segments of a super-packet as one burst, so that this finds the runs there are.
 * Nothing but the first packet's headers is rewritten, and no payload moves: the write gathers
 *
 * <pre>
 *  | virtio header |  | link, IP, transport headers, payload |  | payload |  | payload |  ...
 *    own memory         the first packet in place                 the other packets in place
 * </pre>
 *
 * <p>Which packets are joined: {@link FlowSegment}. All but the last have the same payload length; a shorter one, or
 * PSH, ends the super-packet, as do {@link #MAX_PACKETS} and 65,535 bytes. A packet that stays alone is passed on as it
 * is, its checksum unseen.
 *
 * <p>Checksums of joined packets are verified first, which reads every payload byte once: for 1,420 bytes about as long
 * as 10 % of opening it takes.
 *
 * <p>Thread: its worker. Ownership: packets are borrowed, and must stay as they are, until {@link #flush}; their
 * headers may be rewritten. Units: bytes. Errors: none; what cannot be parsed is passed on alone.
 */
public final class Coalescer {
    /** Most packets of a super-packet. */
    public static final int MAX_PACKETS = 128;

    private final FrameSink sink;
    private final boolean joinsTcp;
    private final boolean joinsUdp;
    private final UnsafeBuffer virtioHeader =
            new UnsafeBuffer(ByteBuffer.allocateDirect(VirtioNetHeader.LENGTH));
    private final GatherList frame = new GatherList(MAX_PACKETS + 1);
    private FlowSegment first = new FlowSegment();
    private FlowSegment candidate = new FlowSegment();
    private int count;
    private int joinedLength;
    private boolean isFirstVerified;
    private boolean isPushed;

    /** Joins both TCP and UDP. */
    public Coalescer(FrameSink sink) {
        this(sink, true, true);
    }

    /**
     * @param joinsTcp whether the device takes TCP super-packets (TSO)
     * @param joinsUdp whether the device takes UDP super-packets (USO, from Linux 6.2 on)
     */
    public Coalescer(FrameSink sink, boolean joinsTcp, boolean joinsUdp) {
        this.sink = sink;
        this.joinsTcp = joinsTcp;
        this.joinsUdp = joinsUdp;
    }

    /**
     * Takes the next packet, and writes what it closes.
     *
     * @param linkLength length of the Ethernet header with its VLAN tags, 0 for an IP packet alone
     */
    public void add(UnsafeBuffer buffer, int offset, int length, int linkLength) {
        boolean isJoinable =
                candidate.parse(buffer, offset, length, linkLength)
                        && (candidate.isTcp() ? joinsTcp : joinsUdp);
        if (isJoinable && count != 0 && isContinued()) {
            join();
            return;
        }
        flush();
        start();
        if (!isJoinable || first.isPushed()) {
            flush();
        }
    }

    private boolean isContinued() {
        if (first.packetHeaderLength() + joinedLength + candidate.payloadLength()
                        > IpFlyweight.MAX_PACKET_LENGTH
                || !first.isFollowedBy(candidate, count)) {
            return false;
        }
        // Only now: a packet that stays alone is not worth the reading.
        isFirstVerified = isFirstVerified || first.hasValidChecksums();
        return isFirstVerified && candidate.hasValidChecksums();
    }

    private void start() {
        FlowSegment started = candidate;
        candidate = first;
        first = started;
        count = 1;
        joinedLength = started.payloadLength();
        isFirstVerified = false;
        isPushed = false;
    }

    private void join() {
        if (count == 1) {
            frame.add(virtioHeader.addressOffset(), VirtioNetHeader.LENGTH);
            frame.add(first.address(), first.length());
        }
        frame.add(candidate.payloadAddress(), candidate.payloadLength());
        joinedLength += candidate.payloadLength();
        count++;
        isPushed = candidate.isPushed();
        if (isPushed || candidate.payloadLength() < first.payloadLength() || count == MAX_PACKETS) {
            flush();
        }
    }

    /** Writes what is still open; no packet is borrowed any more then. */
    public void flush() {
        if (count == 0) {
            return;
        }
        if (count == 1) {
            VirtioNetHeader.putPlain(virtioHeader, 0);
            frame.add(virtioHeader.addressOffset(), VirtioNetHeader.LENGTH);
            frame.add(first.address(), first.length());
        } else {
            first.toSuperPacket(virtioHeader, 0, joinedLength, isPushed);
        }
        int packetCount = count;
        count = 0;
        sink.write(frame, packetCount);
        frame.clear();
    }
}
