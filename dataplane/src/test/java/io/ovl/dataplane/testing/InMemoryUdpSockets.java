package io.ovl.dataplane.testing;

import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.UdpSockets;

import java.util.Set;

/**
 * The sockets of a daemon in a simulation: all send through one bind, and each worker receives what is its.
 *
 * <p>Thread: the simulation's.
 */
public final class InMemoryUdpSockets implements UdpSockets {
    private final InMemoryUdpBind bind;
    private int fwmark;

    InMemoryUdpSockets(InMemoryUdpBind bind, int fwmark) {
        this.bind = bind;
        this.fwmark = fwmark;
    }

    /** The bind with the test's side of it. */
    public InMemoryUdpBind memory() {
        return bind;
    }

    @Override
    public UdpBind bind(int worker) {
        return bind.queue(worker);
    }

    @Override
    public int port() {
        return bind.port();
    }

    public int fwmark() {
        return fwmark;
    }

    @Override
    public Set<Offload> offloads() {
        return Set.of();
    }

    @Override
    public void fwmark(int mark) {
        fwmark = mark;
    }

    @Override
    public void close() {
        bind.close();
    }
}
