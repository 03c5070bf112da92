package io.ovl.dataplane.l2;

import io.ovl.dataplane.ip.IcmpError;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds the frame that tells a bridged host that its packet is too large for the tunnel, as the router would that is
 * not there: fragmentation needed or packet too big, between the two hosts' own addresses, with the frame's VLAN tags.
 *
 * <p>Thread: any; stateless. Ownership: borrows both buffers for the length of a call. Wire: {@link IcmpError}.
 * Deviation: a bridge has no IP address, so the error comes from the packet's destination.
 */
public final class FrameTooBig {
    /** Room that an answer needs. */
    public static final int MAX_LENGTH =
            EthernetFlyweight.HEADER_LENGTH
                    + EthernetFlyweight.MAX_TAGS * EthernetFlyweight.TAG_LENGTH
                    + IcmpError.MAX_IPV6_LENGTH;

    private FrameTooBig() {}

    /**
     * Builds the answer to a frame that carries more than {@code mtu} bytes of IP.
     *
     * @return length of the frame at {@code outOffset}, to be sent to where the frame came from; 0 when nobody can be
     *     told
     */
    public static int answer(
            UnsafeBuffer in, int offset, int length, int mtu, UnsafeBuffer out, int outOffset) {
        int linkLength = EthernetFlyweight.linkLength(in, offset, length);
        if (linkLength == EthernetFlyweight.MALFORMED
                || !EthernetFlyweight.isIp(in, offset, length, linkLength)) {
            return 0;
        }
        long destination = EthernetFlyweight.destination(in, offset);
        long source = EthernetFlyweight.source(in, offset);
        // An error to a group would come from a group address, and nobody asked a group to
        // fragment.
        if (!EthernetFlyweight.isUnicast(source) || EthernetFlyweight.isMulticast(destination)) {
            return 0;
        }
        int icmpLength =
                IcmpError.packetTooBig(
                        in,
                        offset + linkLength,
                        length - linkLength,
                        mtu,
                        out,
                        outOffset + linkLength);
        if (icmpLength == 0) {
            return 0;
        }
        out.putBytes(outOffset, in, offset, linkLength);
        EthernetFlyweight.destination(out, outOffset, source);
        EthernetFlyweight.source(out, outOffset, destination);
        return linkLength + icmpLength;
    }
}
