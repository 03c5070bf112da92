package io.ovl.dataplane.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A unix socket that listens, and its clients: at most {@value #MAX_CLIENTS} at once.
 *
 * <p>Thread: {@link #start} and {@link #close} from any; everything else on the event loop. Ownership: the event loop
 * is the caller's and outlives the socket.
 */
final class ControlSocket {
    static final int MAX_CLIENTS = 16;

    /** Gives the file its mode and its name, once there is somebody to answer. */
    @FunctionalInterface
    interface Publication {
        void publish(UnixSocketFile file) throws IOException;
    }

    private final EventLoop eventLoop;
    private final UnixSocketFile file;
    private final ChannelGroup channels;

    /** A socket on {@code eventLoop}, which must be an epoll loop. */
    ControlSocket(EventLoop eventLoop, UnixSocketFile file) {
        this.eventLoop = eventLoop;
        this.file = file;
        channels = new DefaultChannelGroup(eventLoop);
    }

    /**
     * Binds; the result, on the event loop, says whether clients can connect.
     *
     * @param clients sets up each connection that it has {@link #admits admitted}
     */
    Future<Void> start(ChannelHandler clients, Publication publication) {
        Promise<Void> started = eventLoop.newPromise();
        try {
            String path = file.prepare("rwxr-xr-x").toString();
            new ServerBootstrap()
                    .group(eventLoop)
                    .channelFactory(EpollServerDomainSocketChannel::new)
                    .childHandler(clients)
                    .bind(new DomainSocketAddress(path))
                    .addListener(
                            (ChannelFuture bound) ->
                                    publish(bound.channel(), bound.cause(), publication, started));
        } catch (IOException e) {
            started.setFailure(e);
        }
        return started;
    }

    private void publish(
            Channel server,
            @Nullable Throwable failure,
            Publication publication,
            Promise<Void> started) {
        try {
            if (failure != null) {
                file.remove();
                started.setFailure(failure);
                return;
            }
            channels.add(server);
            publication.publish(file);
            started.setSuccess(null);
        } catch (IOException e) {
            var _ = server.close();
            started.setFailure(e);
        }
    }

    /** Counts the client in, unless it is one too many: then the caller hangs up on it. */
    boolean admits(Channel client) {
        // The listening socket is in the group too.
        return channels.size() <= MAX_CLIENTS && channels.add(client);
    }

    /** Whether the socket can still be found where it was put; when not, nobody can reach the daemon any more. */
    boolean isFilePresent() {
        return file.isPresent();
    }

    /** Hangs up on all clients, and takes the socket away. */
    Future<?> close() throws IOException {
        file.remove();
        return channels.close();
    }
}
