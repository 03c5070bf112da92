package io.ovl.dataplane.path;

import io.ovl.crypto.aead.Aead;
import io.ovl.dataplane.buffer.PacketPool;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs all paths to completion over one queue of each device and one of each kind of socket.
 *
 * <p>Thread: one, that of its agent runner, or the one thread of a simulation. Commands come from the conductor through
 * {@link WorkerProxy}. Errors: a packet never causes one; whatever is thrown is a broken invariant and ends the agent.
 */
public final class Worker implements Agent {
    private static final int COMMAND_CAPACITY = 4096;
    private static final int COMMAND_LIMIT = 64;
    private static final int POOL_SLOTS = 512;

    private final int index;
    private final Clock clock;
    private final Aead aead;
    private final PeerSender sender;
    private final OutboundPath outbound;
    private final InboundPath inbound;
    private final OutboundSwitchPath outboundSwitch;
    private final VxlanInboundPath vxlanInbound;
    private final TapPorts taps = new TapPorts();
    private final WorkerCounters counters;
    private final Transmitter transmitter;
    private final TunTapQueue queue;
    private final Readiness readiness;
    private final ManyToOneConcurrentArrayQueue<WorkerCommand> commands =
            new ManyToOneConcurrentArrayQueue<>(COMMAND_CAPACITY);
    private final WorkerProxy proxy;
    private @Nullable UdpBind bind;
    private long nowNs;

    /**
     * A worker over queue {@code index} of the devices.
     *
     * @param device the TUN
     * @param aead taken: closed with the worker
     * @param wakeup ends this worker's wait; callable from any thread
     */
    public Worker(
            int index,
            Clock clock,
            TunTapDevice device,
            RoutingTables tables,
            SwitchTables switchTables,
            Aead aead,
            ConductorProxy conductor,
            Readiness readiness,
            Runnable wakeup,
            WorkerCounters counters) {
        this.index = index;
        this.clock = clock;
        this.aead = aead;
        this.queue = device.queue(index);
        this.readiness = readiness;
        this.counters = counters;
        DatagramSender datagramSender = new DatagramSender(counters);
        transmitter = new Transmitter(index, aead, datagramSender, counters);
        PacketPool pool = new PacketPool(POOL_SLOTS);
        sender = new PeerSender(index, pool, switchTables, transmitter, conductor, counters);
        outbound =
                new OutboundPath(
                        device, index, pool, tables, sender, transmitter, conductor, counters);
        SourceLearner learner = new SourceLearner(switchTables, conductor, counters);
        TapResponder responder = new TapResponder(switchTables, counters);
        outboundSwitch =
                new OutboundSwitchPath(
                        taps,
                        pool,
                        switchTables,
                        learner,
                        responder,
                        sender,
                        transmitter,
                        new VxlanTransmitter(index, datagramSender, counters),
                        conductor,
                        counters);
        InboundSwitchPath inboundSwitch =
                new InboundSwitchPath(taps, switchTables, learner, responder, counters);
        inbound = new InboundPath(device, index, tables, inboundSwitch, aead, conductor, counters);
        vxlanInbound = new VxlanInboundPath(index, inboundSwitch, readiness, counters);
        proxy = new WorkerProxy(commands, wakeup);
    }

    /** The conductor's end of this worker. */
    public WorkerProxy proxy() {
        return proxy;
    }

    @Override
    public void onStart() {
        readiness.add(queue.fd());
    }

    @Override
    public int doWork() {
        nowNs = clock.bootTimeNs();
        int work = executeCommands();
        work += outbound.poll(nowNs);
        work += outboundSwitch.poll(nowNs);
        work += inbound.poll(nowNs);
        work += vxlanInbound.poll(nowNs);
        return work;
    }

    private int executeCommands() {
        int count = 0;
        WorkerCommand command;
        while (count < COMMAND_LIMIT && (command = commands.poll()) != null) {
            command.execute(this);
            count++;
        }
        return count;
    }

    void onFlushStaged(Peer peer, boolean keepaliveIfEmpty) {
        sender.onFlushStaged(peer, keepaliveIfEmpty, nowNs);
    }

    void onSendKeepalive(Peer peer) {
        sender.onSendKeepalive(peer, nowNs);
    }

    void onDropStaged(Peer peer) {
        sender.onDropStaged(peer);
    }

    void onForgetKeys() {
        aead.forgetKeys();
    }

    void onRebind(@Nullable UdpBind next, Runnable onReleased) {
        UdpBind old = bind;
        if (old != null) {
            readiness.remove(old.fd());
        }
        bind = next;
        outbound.bind(next);
        transmitter.bind(next);
        inbound.bind(next);
        if (next != null) {
            readiness.add(next.fd());
        }
        onReleased.run();
    }

    void onAddTap(Segment segment, Port port, TunTapDevice tap) {
        TapPort added = new TapPort(segment, port, tap, index, counters);
        taps.add(added);
        readiness.add(added.queue().fd());
    }

    void onRemoveTap(Port port, Runnable onReleased) {
        TapPort removed = taps.remove(port.id());
        if (removed != null) {
            readiness.remove(removed.queue().fd());
        }
        onReleased.run();
    }

    void onAddVxlan(VxlanSockets sockets) {
        vxlanInbound.add(sockets);
    }

    void onRemoveVxlan(VxlanSockets sockets, Runnable onReleased) {
        vxlanInbound.remove(sockets);
        onReleased.run();
    }

    @Override
    public void onClose() {
        aead.close();
    }

    @Override
    public String roleName() {
        return "ovl-worker-" + index;
    }
}
