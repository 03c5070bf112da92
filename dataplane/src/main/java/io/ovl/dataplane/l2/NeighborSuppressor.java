package io.ovl.dataplane.l2;

import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Answers ARP requests and neighbour solicitations from the TAP in the place of hosts behind tunnels, so that they need
 * not be flooded, and learns who has which address from those that pass.
 *
 * <p>Answered is what a host behind a tunnel port, whose MAC address the forwarding database still has there, would
 * answer to a request sent to all. Everything else passes: announcements (gratuitous ARP, unsolicited advertisements),
 * probes for duplicates (RFC 5227, RFC 4862 §5.4), probes of one host (RFC 4861 §7.3), unknown targets. A sender is
 * learned only if the Ethernet source says the same.
 *
 * <p>Thread: one worker. Ownership: owns {@link #reply} until the next call. Wire: RFC 826; RFC 4861 §4.3, §4.4.
 */
public final class NeighborSuppressor {
    private static final int REPLY_CAPACITY = 128;

    private final ForwardingDatabase fdb;
    private final NeighborTable neighbors;
    private final LearnRing learnRing;
    private final UnsafeBuffer reply = new UnsafeBuffer(ByteBuffer.allocateDirect(REPLY_CAPACITY));

    public NeighborSuppressor(
            ForwardingDatabase fdb, NeighborTable neighbors, LearnRing learnRing) {
        this.fdb = fdb;
        this.neighbors = neighbors;
        this.learnRing = learnRing;
    }

    /** The answer, from offset 0. */
    public UnsafeBuffer reply() {
        return reply;
    }

    /**
     * Takes a frame of a segment that suppresses, whose source has been observed.
     *
     * @return 0 when the frame is to go on; else the length of the answer in {@link #reply}, to be sent in its stead to
     *     where it came from
     */
    public int onFrame(
            Segment segment, UnsafeBuffer buffer, int offset, int length, Port from, long nowNs) {
        int linkLength = EthernetFlyweight.linkLength(buffer, offset, length);
        if (linkLength == EthernetFlyweight.MALFORMED) {
            return 0;
        }
        return switch (EthernetFlyweight.etherType(buffer, offset, linkLength)) {
            case EthernetFlyweight.ETHERTYPE_ARP ->
                    length - linkLength < ArpFlyweight.LENGTH
                            ? 0
                            : onArp(segment, buffer, offset, linkLength, from, nowNs);
            case EthernetFlyweight.ETHERTYPE_IPV6 ->
                    onIpv6(segment, buffer, offset, length, linkLength, from, nowNs);
            default -> 0;
        };
    }

    private int onArp(
            Segment segment,
            UnsafeBuffer buffer,
            int offset,
            int linkLength,
            Port from,
            long nowNs) {
        int arp = offset + linkLength;
        long senderMac = ArpFlyweight.senderMac(buffer, arp);
        long senderIp = ArpFlyweight.senderIp(buffer, arp);
        if (!ArpFlyweight.isEthernetIpv4(buffer, arp)
                || senderMac != EthernetFlyweight.source(buffer, offset)
                || !isHostIpv4(senderIp)) {
            return 0;
        }
        int vlan = EthernetFlyweight.vlanId(buffer, offset, linkLength);
        learn(segment, vlan, false, 0, senderIp, senderMac | NeighborTable.CONFIRMED, nowNs);
        long targetIp = ArpFlyweight.targetIp(buffer, arp);
        if (from.isTunnel()
                || ArpFlyweight.operation(buffer, arp) != ArpFlyweight.REQUEST
                || targetIp == senderIp
                || !EthernetFlyweight.isBroadcast(EthernetFlyweight.destination(buffer, offset))) {
            return 0;
        }
        long link = neighbors.link(segment.vni(), vlan, false, 0, targetIp);
        if (!mayAnswer(segment, vlan, link, from)) {
            return 0;
        }
        long mac = NeighborTable.mac(link);
        putLinkHeader(buffer, offset, linkLength, mac);
        ArpFlyweight.putReply(reply, linkLength, mac, targetIp, senderMac, senderIp);
        return linkLength + ArpFlyweight.LENGTH;
    }

    private int onIpv6(
            Segment segment,
            UnsafeBuffer buffer,
            int offset,
            int length,
            int linkLength,
            Port from,
            long nowNs) {
        int ip = offset + linkLength;
        int packetLength = IpFlyweight.packetLength(buffer, ip, length - linkLength);
        if (packetLength < Ipv6Flyweight.HEADER_LENGTH + NeighborDiscoveryFlyweight.MIN_LENGTH
                || !NeighborDiscoveryFlyweight.isValid(buffer, ip, packetLength)) {
            return 0;
        }
        int message = ip + Ipv6Flyweight.HEADER_LENGTH;
        int messageLength = packetLength - Ipv6Flyweight.HEADER_LENGTH;
        int vlan = EthernetFlyweight.vlanId(buffer, offset, linkLength);
        long mac = EthernetFlyweight.source(buffer, offset);
        if (NeighborDiscoveryFlyweight.type(buffer, message)
                == NeighborDiscoveryFlyweight.ADVERTISEMENT) {
            onAdvertisement(segment, buffer, message, messageLength, vlan, mac, nowNs);
            return 0;
        }
        long high = Ipv6Flyweight.sourceHigh(buffer, ip);
        long low = Ipv6Flyweight.sourceLow(buffer, ip);
        long option =
                NeighborDiscoveryFlyweight.linkOption(
                        buffer,
                        message,
                        messageLength,
                        NeighborDiscoveryFlyweight.SOURCE_LINK_OPTION);
        if (option != mac || (high | low) == 0) {
            return 0;
        }
        learn(segment, vlan, true, high, low, mac, nowNs);
        if (from.isTunnel()
                || !EthernetFlyweight.isMulticast(EthernetFlyweight.destination(buffer, offset))) {
            return 0;
        }
        long targetHigh = NeighborDiscoveryFlyweight.targetHigh(buffer, message);
        long targetLow = NeighborDiscoveryFlyweight.targetLow(buffer, message);
        long link = neighbors.link(segment.vni(), vlan, true, targetHigh, targetLow);
        if (!mayAnswer(segment, vlan, link, from)) {
            return 0;
        }
        putLinkHeader(buffer, offset, linkLength, NeighborTable.mac(link));
        return linkLength
                + NeighborDiscoveryFlyweight.putAdvertisement(
                        reply,
                        linkLength,
                        buffer,
                        ip,
                        NeighborTable.mac(link),
                        (link & NeighborTable.ROUTER) != 0);
    }

    private void onAdvertisement(
            Segment segment,
            UnsafeBuffer buffer,
            int message,
            int length,
            int vlan,
            long mac,
            long nowNs) {
        long option =
                NeighborDiscoveryFlyweight.linkOption(
                        buffer, message, length, NeighborDiscoveryFlyweight.TARGET_LINK_OPTION);
        long high = NeighborDiscoveryFlyweight.targetHigh(buffer, message);
        long low = NeighborDiscoveryFlyweight.targetLow(buffer, message);
        if (option != mac || high >>> 56 == 0xff) {
            return;
        }
        int flags = NeighborDiscoveryFlyweight.flags(buffer, message);
        long known = neighbors.link(segment.vni(), vlan, true, high, low);
        boolean isOverride = (flags & NeighborDiscoveryFlyweight.OVERRIDE_FLAG) != 0;
        if (!isOverride && known != NeighborTable.UNKNOWN && NeighborTable.mac(known) != mac) {
            return;
        }
        long router =
                (flags & NeighborDiscoveryFlyweight.ROUTER_FLAG) != 0 ? NeighborTable.ROUTER : 0;
        learn(segment, vlan, true, high, low, mac | NeighborTable.CONFIRMED | router, nowNs);
    }

    private void learn(
            Segment segment,
            int vlan,
            boolean isIpv6,
            long ipHigh,
            long ipLow,
            long link,
            long nowNs) {
        boolean isHost = EthernetFlyweight.isUnicast(NeighborTable.mac(link));
        int vni = segment.vni();
        if (isHost && !neighbors.isKnown(vni, vlan, isIpv6, ipHigh, ipLow, link, nowNs)) {
            learnRing.offerNeighbor(vni, vlan, isIpv6, ipHigh, ipLow, link, nowNs);
        }
    }

    /** A host on the requester's side answers for itself; one that the database has forgotten may be gone. */
    private boolean mayAnswer(Segment segment, int vlan, long link, Port from) {
        if (link == NeighborTable.UNKNOWN || (link & NeighborTable.CONFIRMED) == 0) {
            return false;
        }
        int port = fdb.lookup(segment, NeighborTable.mac(link), vlan);
        return port != Port.NONE && port != from.id();
    }

    /** The request's header with its tags, turned round. */
    private void putLinkHeader(UnsafeBuffer buffer, int offset, int linkLength, long mac) {
        reply.putBytes(0, buffer, offset, linkLength);
        EthernetFlyweight.destination(reply, 0, EthernetFlyweight.source(buffer, offset));
        EthernetFlyweight.source(reply, 0, mac);
    }

    private static boolean isHostIpv4(long ip) {
        return ip != 0 && ip >>> 28 < 0xe;
    }
}
