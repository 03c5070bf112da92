package io.ovl.dataplane.control;

import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.UdpSockets;

import java.util.Set;

/** Sockets that nobody uses. */
record NoSockets(int port) implements UdpSockets {
    @Override
    public UdpBind bind(int worker) {
        throw new UnsupportedOperationException("nobody uses these");
    }

    @Override
    public Set<Offload> offloads() {
        return Set.of();
    }

    @Override
    public void fwmark(int mark) {}

    @Override
    public void close() {}
}
