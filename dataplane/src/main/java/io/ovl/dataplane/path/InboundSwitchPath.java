package io.ovl.dataplane.path;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;
import io.ovl.dataplane.ip.PartialFrame;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.PortTable;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounters;
import io.ovl.dataplane.vxlan.OuterHeaderPolicy;
import io.ovl.dataplane.vxlan.VtepTable;
import io.ovl.dataplane.vxlan.VxlanDecap;
import io.ovl.dataplane.vxlan.VxlanFlyweight;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Wire to host, for frames, from the opened message or the datagram in the clear on: <b>decap</b>, <b>verify source</b>
 * (the port must belong to the segment), <b>learn</b>, <b>coalesce</b>, <b>deliver</b> to the segment's TAP and to no
 * other tunnel (split horizon). What comes from a VXLAN device may have its checksum left to do: {@link PartialFrame}.
 *
 * <p>Thread: its worker. Ownership: borrows frames until {@link #flush}. Drops: INVALID_LENGTH, VXLAN_BAD_FLAGS,
 * VXLAN_GPE, VXLAN_GBP, VXLAN_UNKNOWN_VNI, VXLAN_UNKNOWN_VTEP, VXLAN_RUNT_FRAME, MALFORMED_INNER_PACKET,
 * INVALID_SOURCE_MAC, FDB_STATIC_CONFLICT, FDB_HELD, ECN_INVALID.
 */
final class InboundSwitchPath {
    /** In place of a datagram length: no checksum needs a look, since ovl sends none that is partial. */
    private static final int COMPLETE = -1;

    private final TapPorts taps;
    private final PortTable ports;
    private final VtepTable vteps;
    private final TunnelTargets targets;
    private final SourceLearner learner;
    private final TapResponder responder;
    private final WorkerCounters counters;
    private final VxlanDecap decap = new VxlanDecap();
    private final PartialFrame partial = new PartialFrame();

    InboundSwitchPath(
            TapPorts taps,
            SwitchTables tables,
            SourceLearner learner,
            TapResponder responder,
            WorkerCounters counters) {
        this.taps = taps;
        this.ports = tables.ports();
        this.vteps = tables.vteps();
        this.targets = tables.targets();
        this.learner = learner;
        this.responder = responder;
        this.counters = counters;
    }

    /** Takes what a peer's message held that is no IP packet: L2 compact. */
    void onCompact(
            int portId, UnsafeBuffer buffer, int offset, int length, int trafficClass, long nowNs) {
        TapPort tap = tap(VxlanDecap.peekVni(buffer, offset, length), portId);
        if (tap != null
                && isGood(decap.decap(buffer, offset, length, tap.segment().settings().strict()))) {
            onFrame(tap, portId, buffer, trafficClass, COMPLETE, nowNs);
        }
    }

    /**
     * Whether an IP packet of the peer is a frame in standard VXLAN, addressed to our end of it: for
     * {@link #onStandard}.
     */
    boolean isStandard(int portId, UnsafeBuffer buffer, int offset, int length) {
        return targets.target(portId) instanceof PeerTarget target
                && target.localVtep() != null
                && isTo(target.localVtep(), buffer, offset)
                && VxlanDecap.isStandard(buffer, offset, length);
    }

    private static boolean isTo(IpAddress address, UnsafeBuffer buffer, int offset) {
        if (IpFlyweight.version(buffer, offset) == 4) {
            return !address.isIpv6()
                    && Ipv4Flyweight.destination(buffer, offset) == (int) address.low();
        }
        return address.isIpv6()
                && Ipv6Flyweight.destinationHigh(buffer, offset) == address.high()
                && Ipv6Flyweight.destinationLow(buffer, offset) == address.low();
    }

    /** Takes an IP packet for which {@link #isStandard} holds. */
    void onStandard(int portId, UnsafeBuffer buffer, int offset, int length, long nowNs) {
        int vxlan = VxlanDecap.vxlanOffset(buffer, offset, length);
        TapPort tap = tap(VxlanDecap.peekVni(buffer, vxlan, offset + length - vxlan), portId);
        if (tap != null
                && isGood(
                        decap.decapStandard(
                                buffer, offset, length, tap.segment().settings().strict()))) {
            onFrame(tap, portId, buffer, decap.trafficClass(), 0, nowNs);
        }
    }

    /**
     * Whether a message that the kernel calls joined datagrams is one datagram around a UDP super-packet: its frame
     * then is as long as all of them.
     */
    boolean isSuperPacket(UnsafeBuffer buffer, int offset, int length) {
        int frame = offset + VxlanFlyweight.HEADER_LENGTH;
        int frameLength = length - VxlanFlyweight.HEADER_LENGTH;
        int linkLength = EthernetFlyweight.linkLength(buffer, frame, frameLength);
        return linkLength != EthernetFlyweight.MALFORMED
                && partial.parse(buffer, frame, frameLength, linkLength)
                && partial.isUdp()
                && partial.length() == frameLength;
    }

    /**
     * Takes a datagram in the clear, of message {@code index} of the batch.
     *
     * @param datagramLength payload of each datagram of the UDP super-packet in it; 0 when there is none
     */
    void onClear(
            ReceiveBatch batch, int index, int offset, int length, int datagramLength, long nowNs) {
        UnsafeBuffer buffer = batch.buffer();
        int vni = VxlanDecap.peekVni(buffer, offset, length);
        TapPort tap = taps.ofVni(vni);
        if (tap == null) {
            dropUnknownVni(vni);
            return;
        }
        Segment segment = tap.segment();
        if (!isGood(decap.decap(buffer, offset, length, segment.settings().strict()))) {
            return;
        }
        boolean isIpv6 = batch.isIpv6(index);
        long high = batch.sourceHigh(index);
        long low = batch.sourceLow(index);
        int portId = vteps.portId(vni, isIpv6, high, low);
        if (portId != VtepTable.UNKNOWN && segment.hasPort(portId)) {
            onFrame(tap, portId, buffer, batch.trafficClass(index), datagramLength, nowNs);
            return;
        }
        counters.drop(DropReason.VXLAN_UNKNOWN_VTEP);
        if (segment.settings().open()) {
            learner.meet(segment, isIpv6, high, low, batch.sourcePort(index), nowNs);
        }
    }

    private @Nullable TapPort tap(int vni, int portId) {
        TapPort tap = taps.ofVni(vni);
        if (tap != null && tap.segment().hasPort(portId)) {
            return tap;
        }
        dropUnknownVni(vni);
        return null;
    }

    private void dropUnknownVni(int vni) {
        counters.drop(vni < 0 ? DropReason.INVALID_LENGTH : DropReason.VXLAN_UNKNOWN_VNI);
    }

    private boolean isGood(@Nullable DropReason reason) {
        if (reason != null) {
            counters.drop(reason);
        }
        return reason == null;
    }

    /** Takes the frame that has just been decapsulated. */
    private void onFrame(
            TapPort tap,
            int portId,
            UnsafeBuffer buffer,
            int trafficClass,
            int datagramLength,
            long nowNs) {
        int offset = decap.frameOffset();
        int linkLength = EthernetFlyweight.linkLength(buffer, offset, decap.frameLength());
        if (linkLength == EthernetFlyweight.MALFORMED) {
            counters.drop(DropReason.VXLAN_RUNT_FRAME);
            return;
        }
        Segment segment = tap.segment();
        long source = EthernetFlyweight.source(buffer, offset);
        int vlan = EthernetFlyweight.vlanId(buffer, offset, linkLength);
        if (!learner.accept(segment, source, vlan, portId, nowNs)) {
            return;
        }
        if (!OuterHeaderPolicy.decapsulate(buffer, offset, decap.frameLength(), trafficClass)) {
            counters.drop(DropReason.ECN_INVALID);
            return;
        }
        // What the tunnel padded would keep the frame from joining its neighbours.
        int length = EthernetFlyweight.trimmedLength(buffer, offset, decap.frameLength());
        boolean isPartial =
                datagramLength != COMPLETE && partial.parse(buffer, offset, length, linkLength);
        Port from = ports.port(portId);
        if (from != null) {
            responder.observe(tap, from, buffer, offset, length, linkLength, isPartial, nowNs);
        }
        if (isPartial) {
            tap.deliverPartial(buffer, offset, linkLength, partial, datagramLength);
        } else {
            taps.deliver(tap, buffer, offset, length, linkLength);
        }
    }

    /** Delivers what is waiting; the frames' memory is free again. */
    void flush() {
        taps.flush();
    }
}
