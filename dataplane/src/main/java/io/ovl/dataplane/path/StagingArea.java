package io.ovl.dataplane.path;

import io.ovl.dataplane.buffer.PacketPool;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.peer.StagedPackets;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

/**
 * All packets that wait for handshakes on one worker: at most half of its packet slots.
 *
 * <p>A packet that finds no room takes the place of the oldest of whichever peer has most, which may be its own:
 * however many peers do not answer, one that is about to has its share.
 *
 * <p>Thread: its worker. Ownership: owns the slots of what is staged; hands them over with {@link #poll}. Drops:
 * STAGED_OVERFLOW, HANDSHAKE_FAILED.
 */
final class StagingArea {
    private final int workerIndex;
    private final PacketPool pool;
    private final WorkerCounters counters;

    /** The queues that are not empty, in no order; as many as there may be packets. */
    private final StagedPackets[] queues;

    private int queueCount;
    private int packetCount;

    StagingArea(int workerIndex, PacketPool pool, WorkerCounters counters) {
        this.workerIndex = workerIndex;
        this.pool = pool;
        this.counters = counters;
        queues = new StagedPackets[pool.slotCount() / 2];
    }

    boolean isEmpty(Peer peer) {
        return peer.staged(workerIndex).isEmpty();
    }

    /** Takes a packet and its slot. */
    void stage(Peer peer, OutboundPacket packet) {
        StagedPackets staged = peer.staged(workerIndex);
        if (packetCount == queues.length && !staged.isFull()) {
            dropOldest(largest(staged), DropReason.STAGED_OVERFLOW);
        }
        if (staged.isEmpty()) {
            queues[queueCount++] = staged;
        }
        int displaced =
                staged.offer(
                        packet.slot(),
                        packet.length(),
                        packet.linkLength(),
                        packet.encap(),
                        packet.vni(),
                        packet.paddingLimit());
        if (displaced >= 0) {
            drop(displaced, DropReason.STAGED_OVERFLOW);
        } else {
            packetCount++;
            counters.add(WorkerCounter.STAGED_PACKETS, 1);
        }
    }

    /**
     * Hands over the peer's oldest packet, described in {@code packet}, and its slot. Returns whether there was one.
     */
    boolean poll(Peer peer, OutboundPacket packet) {
        StagedPackets staged = peer.staged(workerIndex);
        if (!take(staged)) {
            return false;
        }
        packet.set(
                staged.slot(),
                staged.frameLength(),
                staged.linkLength(),
                staged.encap(),
                staged.vni(),
                staged.paddingLimit());
        return true;
    }

    /** Drops all that the peer has: no handshake will come. */
    void dropAll(Peer peer) {
        StagedPackets staged = peer.staged(workerIndex);
        while (!staged.isEmpty()) {
            dropOldest(staged, DropReason.HANDSHAKE_FAILED);
        }
    }

    private StagedPackets largest(StagedPackets own) {
        StagedPackets largest = own;
        for (int i = 0; i < queueCount; i++) {
            if (queues[i].count() > largest.count()) {
                largest = queues[i];
            }
        }
        return largest;
    }

    private void dropOldest(StagedPackets staged, DropReason reason) {
        take(staged);
        drop(staged.slot(), reason);
    }

    private boolean take(StagedPackets staged) {
        if (!staged.poll()) {
            return false;
        }
        packetCount--;
        counters.add(WorkerCounter.STAGED_PACKETS, -1);
        if (staged.isEmpty()) {
            remove(staged);
        }
        return true;
    }

    private void remove(StagedPackets staged) {
        int at = 0;
        while (queues[at] != staged) {
            at++;
        }
        queues[at] = queues[--queueCount];
    }

    private void drop(int slot, DropReason reason) {
        counters.drop(reason);
        pool.release(slot);
    }
}
