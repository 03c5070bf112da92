package io.ovl.dataplane.path;

import static io.ovl.dataplane.io.TunTapQueue.VNET_HEADER_LENGTH;

import io.ovl.dataplane.ip.Segmenter;
import io.ovl.dataplane.ip.VirtioNetHeader;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.FrameTooBig;
import io.ovl.dataplane.l2.MssClamp;
import io.ovl.dataplane.l2.NeighborSuppressor;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * What a frame may meet at the TAP instead of a tunnel: an answer in the place of a host behind one, or word that it is
 * too large for it.
 *
 * <p>Thread: its worker. Ownership: borrows frames for the length of a call. Drops: MTU_EXCEEDED.
 */
final class TapResponder {
    private final NeighborSuppressor suppressor;
    private final WorkerCounters counters;
    private final ReplyBudget budget = new ReplyBudget();
    private final UnsafeBuffer answer =
            new UnsafeBuffer(ByteBuffer.allocateDirect(FrameTooBig.MAX_LENGTH));

    TapResponder(SwitchTables tables, WorkerCounters counters) {
        suppressor = new NeighborSuppressor(tables.fdb(), tables.neighbors(), tables.learnRing());
        this.counters = counters;
    }

    /**
     * Answers a frame from the TAP, or clamps its MSS, as the segment's settings want.
     *
     * @param vnetOffset where the virtio header in front of the frame begins
     * @return whether the frame has been dealt with and goes no further
     */
    boolean takes(
            TapPort tap,
            UnsafeBuffer buffer,
            int vnetOffset,
            int length,
            int linkLength,
            long nowNs) {
        int offset = vnetOffset + VNET_HEADER_LENGTH;
        SegmentSettings settings = tap.segment().settings();
        if (settings.suppressArp() && suppresses(tap, buffer, offset, length, nowNs)) {
            return true;
        }
        if (!EthernetFlyweight.isIp(buffer, offset, length, linkLength)) {
            return false;
        }
        int mtu = tap.packetMtu(linkLength);
        if (Segmenter.longestPacket(buffer, vnetOffset, length) - linkLength > mtu) {
            tooBig(tap, buffer, offset, length, mtu, nowNs);
            return true;
        }
        if (settings.clampMss()) {
            boolean isPartial =
                    (VirtioNetHeader.flags(buffer, vnetOffset) & VirtioNetHeader.FLAG_NEEDS_CSUM)
                            != 0;
            MssClamp.clamp(buffer, offset + linkLength, length - linkLength, mtu, isPartial);
        }
        return false;
    }

    /**
     * Looks at a frame from a tunnel: who has which address is learned from it, and its MSS clamped, as the settings
     * want.
     *
     * @param isPartial whether its transport checksum is still to be finished
     */
    void observe(
            TapPort tap,
            Port from,
            UnsafeBuffer buffer,
            int offset,
            int length,
            int linkLength,
            boolean isPartial,
            long nowNs) {
        SegmentSettings settings = tap.segment().settings();
        if (settings.suppressArp()) {
            suppressor.onFrame(tap.segment(), buffer, offset, length, from, nowNs);
        }
        if (settings.clampMss() && EthernetFlyweight.isIp(buffer, offset, length, linkLength)) {
            MssClamp.clamp(
                    buffer,
                    offset + linkLength,
                    length - linkLength,
                    tap.packetMtu(linkLength),
                    isPartial);
        }
    }

    private boolean suppresses(
            TapPort tap, UnsafeBuffer buffer, int offset, int length, long nowNs) {
        int replyLength =
                suppressor.onFrame(tap.segment(), buffer, offset, length, tap.port(), nowNs);
        if (replyLength == 0) {
            return false;
        }
        tap.deliverGenerated(suppressor.reply(), replyLength);
        counters.add(WorkerCounter.NEIGHBORS_ANSWERED, 1);
        return true;
    }

    private void tooBig(
            TapPort tap, UnsafeBuffer buffer, int offset, int length, int mtu, long nowNs) {
        counters.drop(DropReason.MTU_EXCEEDED);
        if (!budget.hasLeft(nowNs)) {
            return;
        }
        int answerLength = FrameTooBig.answer(buffer, offset, length, mtu, answer, 0);
        if (answerLength > 0) {
            budget.spend();
            tap.deliverGenerated(answer, answerLength);
        }
    }
}
