package io.ovl.dataplane.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.ovl.config.model.InterfaceName;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * WireGuard's userspace API on {@code /run/wireguard/NAME.sock}, through which {@code wg} and {@code wg-quick} drive the daemon.
 *
 * <p>At most sixteen clients at once; one more is hung up on. A client that does not finish a request or does not read the reply
 * within ten seconds is too, and so is one that asks nothing for as long.
 *
 * <p>Thread: {@link #start}, {@link #close} and {@link #isSocketFilePresent} from any, one at a time; the device is called on the event
 * loop only. Ownership: the event loop is the caller's and outlives the server.
 *
 * <p>Wire: WireGuard cross-platform interface, version 1.
 */
public final class UapiServer {
    private static final Path DIRECTORY = Path.of("/run/wireguard");
    private static final int MAX_CLIENTS = 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EventLoop eventLoop;
    private final UnixSocketFile file;
    private final DeviceControl device;
    private final Consumer<String> onRefusal;
    private final Duration timeout;
    private final ChannelGroup channels;
    private final UapiRequestBuffer.Budget budget = new UapiRequestBuffer.Budget();

    /** A server that tells nobody but the client of refusals. */
    public UapiServer(EventLoop eventLoop, UnixSocketFile file, DeviceControl device) {
        this(eventLoop, file, device, _ -> {});
    }

    /**
     * A server at {@code file} that runs on {@code eventLoop}, which must be an epoll loop.
     *
     * @param onRefusal told on the event loop why a {@code set} was refused, without secrets: {@code wg} shows an errno only
     */
    public UapiServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            DeviceControl device,
            Consumer<String> onRefusal) {
        this(eventLoop, file, device, onRefusal, TIMEOUT);
    }

    UapiServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            DeviceControl device,
            Consumer<String> onRefusal,
            Duration timeout) {
        this.eventLoop = eventLoop;
        this.file = file;
        this.device = device;
        this.onRefusal = onRefusal;
        this.timeout = timeout;
        this.channels = new DefaultChannelGroup(eventLoop);
    }

    /** Where {@code wg} looks for the socket of an interface. */
    public static UnixSocketFile socketFile(InterfaceName name) {
        return new UnixSocketFile(DIRECTORY.resolve(name + ".sock"));
    }

    /**
     * Binds; the result, on the event loop, says whether clients can connect. It fails with {@link
     * java.nio.file.FileAlreadyExistsException} when another server has the socket.
     */
    public Future<Void> start() {
        Promise<Void> started = eventLoop.newPromise();
        try {
            String path = file.prepare("rwxr-xr-x").toString();
            new ServerBootstrap()
                    .group(eventLoop)
                    .channelFactory(EpollServerDomainSocketChannel::new)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
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

    /** Whether the socket file still is this server's: whoever deletes it wants the daemon to end. */
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

    /** Sets up each connection, or refuses one too many. */
    private final class ClientInitializer extends ChannelInitializer<EpollDomainSocketChannel> {
        @Override
        protected void initChannel(EpollDomainSocketChannel client) {
            // The listening socket is in the group too.
            if (channels.size() > MAX_CLIENTS) {
                var _ = client.close();
                return;
            }
            channels.add(client);
            client.pipeline().addLast(new UapiHandler(device, budget, onRefusal, timeout));
        }
    }
}
