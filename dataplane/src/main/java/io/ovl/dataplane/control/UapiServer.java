package io.ovl.dataplane.control;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.concurrent.Future;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * WireGuard's userspace API on a unix socket, for {@code wg} and {@code wg-quick}.
 *
 * <p>The socket is its owner's alone (0600): whoever may open it may read and change everything. At most sixteen
 * clients at once; one more is hung up on.
 *
 * <p>Thread: {@link #start} and {@link #close} from any; everything else happens on the event loop. Ownership: the
 * event loop is the caller's and outlives the server.
 */
public final class UapiServer {
    private final ControlSocket socket;
    private final DeviceControl control;
    private final Consumer<String> refusals;

    /**
     * A server at {@code file} that runs on {@code eventLoop}, which must be an epoll loop.
     *
     * @param refusals told why a request was refused, as its client learns no more than a number
     */
    public UapiServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            DeviceControl control,
            Consumer<String> refusals) {
        socket = new ControlSocket(eventLoop, file);
        this.control = control;
        this.refusals = refusals;
    }

    /** Binds; the result, on the event loop, says whether clients can connect. */
    public Future<Void> start() {
        return socket.start(new ClientInitializer(), file -> file.publish("rw-------"));
    }

    /** Whether the socket can still be found where it was put; when not, nobody can reach the daemon any more. */
    public boolean isSocketFilePresent() {
        return socket.isFilePresent();
    }

    /** Hangs up on all clients, and takes the socket away. */
    public Future<?> close() throws IOException {
        return socket.close();
    }

    /** Sets up each connection, or hangs up on one too many. */
    private final class ClientInitializer extends ChannelInitializer<EpollDomainSocketChannel> {
        @Override
        protected void initChannel(EpollDomainSocketChannel client) {
            if (socket.admits(client)) {
                client.pipeline().addLast(new UapiHandler(control, refusals));
            } else {
                var _ = client.close();
            }
        }
    }
}
