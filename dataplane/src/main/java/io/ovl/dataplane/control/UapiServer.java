package io.ovl.dataplane.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * WireGuard's userspace API on a unix socket, for {@code wg} and {@code wg-quick}.
 *
 * <p>The socket is its owner's alone (0600): whoever may open it may read and change everything. At most sixteen clients at once;
 * one more is hung up on.
 *
 * <p>Thread: {@link #start} and {@link #close} from any; everything else happens on the event loop. Ownership: the event loop is
 * the caller's and outlives the server.
 */
public final class UapiServer {
    private static final int MAX_CLIENTS = 16;

    private final EventLoop eventLoop;
    private final UnixSocketFile file;
    private final DeviceControl control;
    private final Consumer<String> refusals;
    private final ChannelGroup channels;

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
        this.eventLoop = eventLoop;
        this.file = file;
        this.control = control;
        this.refusals = refusals;
        this.channels = new DefaultChannelGroup(eventLoop);
    }

    /** Binds; the result, on the event loop, says whether clients can connect. */
    public Future<Void> start() {
        Promise<Void> started = eventLoop.newPromise();
        try {
            String path = file.prepare("rwxr-xr-x").toString();
            new ServerBootstrap()
                    .group(eventLoop)
                    .channelFactory(EpollServerDomainSocketChannel::new)
                    .childHandler(new ClientInitializer())
                    .bind(new DomainSocketAddress(path))
                    .addListener(
                            (ChannelFuture bound) ->
                                    publish(bound.channel(), bound.cause(), started));
        } catch (IOException e) {
            started.setFailure(e);
        }
        return started;
    }

    /** Whether the socket can still be found where it was put; when not, nobody can reach the daemon any more. */
    public boolean isSocketFilePresent() {
        return file.isPresent();
    }

    /** Hangs up on all clients, and takes the socket away. */
    public Future<?> close() throws IOException {
        file.remove();
        return channels.close();
    }

    private void publish(Channel server, @Nullable Throwable failure, Promise<Void> started) {
        try {
            if (failure != null) {
                file.remove();
                started.setFailure(failure);
                return;
            }
            channels.add(server);
            file.publish("rw-------");
            started.setSuccess(null);
        } catch (IOException e) {
            var _ = server.close();
            started.setFailure(e);
        }
    }

    /** Sets up each connection, or hangs up on one too many. */
    private final class ClientInitializer extends ChannelInitializer<EpollDomainSocketChannel> {
        @Override
        protected void initChannel(EpollDomainSocketChannel client) {
            // The listening socket is in the group too.
            if (channels.size() > MAX_CLIENTS) {
                var _ = client.close();
                return;
            }
            channels.add(client);
            client.pipeline().addLast(new UapiHandler(control, refusals));
        }
    }
}
