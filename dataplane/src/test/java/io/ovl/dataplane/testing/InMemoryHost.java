package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.UdpSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * A host on an {@link InMemoryNetwork}, on which a daemon opens its sockets, one set at a time or, while it changes
 * port, two.
 *
 * <p>Thread: the simulation's. Errors: a port that is open on the host is EADDRINUSE.
 */
public final class InMemoryHost implements UdpSocketFactory {
    private static final int FIRST_EPHEMERAL_PORT = 32_768;

    private final InMemoryNetwork network;
    private IpAddress[] addresses;
    private int nextPort = FIRST_EPHEMERAL_PORT;
    private @Nullable InMemoryUdpSockets latest;

    public InMemoryHost(InMemoryNetwork network, IpAddress... addresses) {
        this.network = network;
        this.addresses = addresses.clone();
    }

    @Override
    public InMemoryUdpSockets open(int port, int fwmark) throws DeviceException {
        int chosen = port == 0 ? nextPort++ : port;
        if (network.isOpen(chosen, addresses)) {
            throw new DeviceException("bind UDP port " + port + ": EADDRINUSE", Errno.EADDRINUSE);
        }
        latest = new InMemoryUdpSockets(network.bind(chosen, addresses), fwmark);
        return latest;
    }

    /** The sockets opened last, null before the first. */
    public @Nullable InMemoryUdpSockets latest() {
        return latest;
    }

    /** The host has these addresses now and no others. */
    public void moveTo(IpAddress... newAddresses) {
        addresses = newAddresses.clone();
        if (latest != null) {
            latest.memory().moveTo(latest.port(), newAddresses);
        }
    }
}
