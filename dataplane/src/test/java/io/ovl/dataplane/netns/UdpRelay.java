package io.ovl.dataplane.netns;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Stands between an initiator and a responder on the underlay, passes on what they send and keeps a copy of it.
 *
 * <p>The initiator's endpoint is {@link #front()}; the responder sees datagrams come from {@link #back()}.
 *
 * <p>Thread: two of its own, one for each direction; the lists of copies may be read by any.
 */
final class UdpRelay implements AutoCloseable {
    private static final int MAX_DATAGRAM = 65_535;

    private final DatagramChannel front;
    private final DatagramChannel back;
    private final InetSocketAddress responder;
    private final List<byte[]> toResponder = new CopyOnWriteArrayList<>();
    private final List<byte[]> toInitiator = new CopyOnWriteArrayList<>();
    private volatile @Nullable SocketAddress initiator;

    /** Opens the relay's sockets in the host, at the address, and starts to pass datagrams on. */
    UdpRelay(Host host, String address, InetSocketAddress responder) {
        this.responder = responder;
        front = host.call(() -> DatagramChannel.open().bind(new InetSocketAddress(address, 0)));
        back = host.call(() -> DatagramChannel.open().bind(new InetSocketAddress(address, 0)));
        Thread.ofPlatform()
                .name("relay-to-responder")
                .daemon()
                .start(() -> receive(front, this::forward));
        Thread.ofPlatform()
                .name("relay-to-initiator")
                .daemon()
                .start(() -> receive(back, (sender, datagram) -> giveBack(datagram)));
    }

    InetSocketAddress front() {
        return address(front);
    }

    InetSocketAddress back() {
        return address(back);
    }

    /** What passed from the initiator to the responder so far, oldest first. */
    List<byte[]> toResponder() {
        return toResponder;
    }

    List<byte[]> toInitiator() {
        return toInitiator;
    }

    /** Sends a datagram to the responder from where the initiator seems to be. */
    void injectToResponder(byte[] datagram) {
        send(back, datagram, responder);
    }

    /** The last datagram to the responder that has this length. */
    byte[] lastToResponder(int length) {
        return toResponder.reversed().stream()
                .filter(datagram -> datagram.length == length)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("no datagram of " + length + " bytes passed"));
    }

    long countToInitiator(int length) {
        return toInitiator.stream().filter(datagram -> datagram.length == length).count();
    }

    @Override
    public void close() {
        try {
            front.close();
            back.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forward(SocketAddress sender, byte[] datagram) {
        initiator = sender;
        toResponder.add(datagram);
        send(back, datagram, responder);
    }

    private void giveBack(byte[] datagram) {
        toInitiator.add(datagram);
        SocketAddress receiver = initiator;
        if (receiver != null) {
            send(front, datagram, receiver);
        }
    }

    private static void receive(DatagramChannel channel, BiConsumer<SocketAddress, byte[]> action) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
        try {
            while (true) {
                SocketAddress sender = channel.receive(buffer.clear());
                byte[] datagram = new byte[buffer.flip().remaining()];
                buffer.get(datagram);
                action.accept(sender, datagram);
            }
        } catch (AsynchronousCloseException e) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(DatagramChannel channel, byte[] datagram, SocketAddress receiver) {
        try {
            channel.send(ByteBuffer.wrap(datagram), receiver);
        } catch (ClosedChannelException e) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress address(DatagramChannel channel) {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
