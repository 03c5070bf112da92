package io.ovl.dataplane.path;

import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.peer.Peer;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * What the conductor has a worker do, through a bounded queue. The worker's {@code onXxx} methods are the other end.
 *
 * <p>No command is lost: what the queue does not take waits here, in order, and {@link #flush} offers it again.
 *
 * <p>Thread: the conductor.
 */
public final class WorkerProxy {
    private final ManyToOneConcurrentArrayQueue<WorkerCommand> queue;
    private final Runnable wakeup;
    private final ArrayDeque<WorkerCommand> backlog = new ArrayDeque<>();

    /**
     * @param wakeup ends the worker's wait; callable from any thread
     */
    WorkerProxy(ManyToOneConcurrentArrayQueue<WorkerCommand> queue, Runnable wakeup) {
        this.queue = queue;
        this.wakeup = wakeup;
    }

    /** The peer has a keypair: send what is staged, or else, if asked, a keepalive. */
    public void flushStaged(Peer peer, boolean keepaliveIfEmpty) {
        offer(worker -> worker.onFlushStaged(peer, keepaliveIfEmpty));
    }

    public void sendKeepalive(Peer peer) {
        offer(worker -> worker.onSendKeepalive(peer));
    }

    /** The peer will get no keypair, or is gone: drop what is staged. */
    public void dropStaged(Peer peer) {
        offer(worker -> worker.onDropStaged(peer));
    }

    /** Uses another socket from now on, or none; the old one is closed by {@code onReleased}, run on the worker. */
    public void rebind(@Nullable UdpBind bind, Runnable onReleased) {
        offer(worker -> worker.onRebind(bind, onReleased));
    }

    /** Carries frames between the segment's TAP and its tunnels from now on. */
    public void addTap(Segment segment, Port port, TunTapDevice device) {
        offer(worker -> worker.onAddTap(segment, port, device));
    }

    /** Uses the TAP with that port no more; it may be closed once {@code onReleased} has run on every worker. */
    public void removeTap(Port port, Runnable onReleased) {
        offer(worker -> worker.onRemoveTap(port, onReleased));
    }

    /** Receives VXLAN in the clear from the sockets from now on. */
    public void addVxlan(VxlanSockets sockets) {
        offer(worker -> worker.onAddVxlan(sockets));
    }

    /** Uses the sockets no more; they may be closed once {@code onReleased} has run on every worker. */
    public void removeVxlan(VxlanSockets sockets, Runnable onReleased) {
        offer(worker -> worker.onRemoveVxlan(sockets, onReleased));
    }

    /** Runs {@code onPassed} on the worker once everything before it is done: then the worker holds nothing older. */
    public void fence(Runnable onPassed) {
        offer(worker -> onPassed.run());
    }

    /**
     * Runs {@code onPassed} as {@link #fence} does, and lets the worker's AEAD keep nothing of the keys it has used
     * until then.
     */
    public void forgetKeys(Runnable onPassed) {
        offer(
                worker -> {
                    worker.onForgetKeys();
                    onPassed.run();
                });
    }

    /** Whether commands wait here for room, which nobody announces. */
    public boolean hasBacklog() {
        return !backlog.isEmpty();
    }

    /** Offers again what the queue did not take. Returns how many commands it took. */
    public int flush() {
        int count = 0;
        while (!backlog.isEmpty() && queue.offer(backlog.peekFirst())) {
            backlog.removeFirst();
            count++;
        }
        if (count > 0) {
            wakeup.run();
        }
        return count;
    }

    private void offer(WorkerCommand command) {
        if (!backlog.isEmpty() || !queue.offer(command)) {
            backlog.addLast(command);
        }
        wakeup.run();
    }
}
