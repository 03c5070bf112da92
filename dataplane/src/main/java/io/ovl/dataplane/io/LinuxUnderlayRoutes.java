package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The kernel's answers about routes, in the network namespace in which it was opened.
 *
 * <p>Thread: the conductor.
 */
public final class LinuxUnderlayRoutes implements UnderlayRoutes, AutoCloseable {
    private static final int DISCARD_PORT = 9;

    private final RouteQuery routes;

    private LinuxUnderlayRoutes(RouteQuery routes) {
        this.routes = routes;
    }

    /** Opens in the network namespace of the calling thread. */
    public static LinuxUnderlayRoutes open() throws DeviceException {
        return new LinuxUnderlayRoutes(RouteQuery.open());
    }

    @Override
    public int mtuTo(IpAddress destination) {
        return Math.max(0, routes.outputMtu(destination));
    }

    @Override
    public @Nullable IpAddress sourceTo(IpAddress destination) {
        // Connecting a UDP socket sends nothing: it has the kernel choose.
        try (DatagramChannel channel = DatagramChannel.open()) {
            InetAddress to = InetAddress.getByAddress(destination.bytes());
            channel.connect(new InetSocketAddress(to, DISCARD_PORT));
            return channel.getLocalAddress() instanceof InetSocketAddress from
                    ? IpAddress.of(from.getAddress().getAddress())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public Collection<IpAddress> ownAddresses() {
        Set<IpAddress> addresses = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getAddress)
                    .map(IpAddress::of)
                    .forEach(addresses::add);
        } catch (SocketException e) {
            return Set.of();
        }
        return addresses;
    }

    @Override
    public void close() {
        routes.close();
    }
}
