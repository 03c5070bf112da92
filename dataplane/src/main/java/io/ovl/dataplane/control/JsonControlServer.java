package io.ovl.dataplane.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ControlRequest;
import io.ovl.config.ctl.ExitCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The control socket: newline-delimited JSON for {@code ovlctl}.
 *
 * <p>At most sixteen clients at once. The socket belongs to the daemon's user and to group {@code ovl} where there is one; the
 * group may read, only root and the daemon's user may change anything or see secret keys.
 *
 * <p>Thread: {@link #start} and {@link #close} from any; everything else happens on the event loop. Ownership: the event loop
 * is the caller's and outlives the server.
 */
public final class JsonControlServer {
    /** Who may read what daemons report. */
    public static final String GROUP = "ovl";

    private static final int MAX_CLIENTS = 16;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    private static final int ROOT = 0;

    private final EventLoop eventLoop;
    private final UnixSocketFile file;
    private final Map<String, JsonMethod> methods = new TreeMap<>();
    private final Duration requestTimeout;
    private final ChannelGroup channels;
    private volatile int ownerUid = ROOT;

    /** A server at {@code file} that runs on {@code eventLoop}, which must be an epoll loop. */
    public JsonControlServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            DeviceControl control,
            SegmentControl segments,
            StatusSource source,
            ConfigReload reload) {
        this(eventLoop, file, methods(control, segments, source, reload), REQUEST_TIMEOUT);
    }

    JsonControlServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            List<JsonMethod> methods,
            Duration requestTimeout) {
        this.eventLoop = eventLoop;
        this.file = file;
        this.requestTimeout = requestTimeout;
        this.channels = new DefaultChannelGroup(eventLoop);
        for (JsonMethod method : methods) {
            this.methods.put(method.name(), method);
        }
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
            file.publish("rw-rw----", GROUP, "rw-------");
            ownerUid = (Integer) Files.getAttribute(file.path(), "unix:uid");
            started.setSuccess(null);
        } catch (IOException e) {
            var _ = server.close();
            started.setFailure(e);
        }
    }

    private static List<JsonMethod> methods(
            DeviceControl control,
            SegmentControl segments,
            StatusSource source,
            ConfigReload reload) {
        JsonPeers peers = new JsonPeers(control, source, segments);
        return List.of(
                new JsonDeviceShow(control, source),
                new JsonStatus(peers, source, segments),
                new JsonPeersList(peers),
                new JsonPeersShow(peers),
                new JsonPeersAdd(peers),
                new JsonPeersSet(peers),
                new JsonPeersDel(peers),
                new JsonSegmentsList(segments),
                new JsonSegmentsShow(segments),
                new JsonSegmentsAdd(segments),
                new JsonSegmentsSet(segments),
                new JsonSegmentsDel(segments),
                new JsonFdbShow(segments),
                new JsonFdbGet(segments),
                new JsonFdbPut(segments, false),
                new JsonFdbPut(segments, true),
                new JsonFdbDel(segments),
                new JsonFdbFlush(segments),
                new JsonFdbWatch(segments),
                new JsonNeighShow(segments),
                new JsonNeighFlush(segments),
                new JsonMtu(segments),
                new JsonReload(reload),
                new JsonVersion(source));
    }

    /** Sets up each connection, or refuses one too many. */
    private final class ClientInitializer extends ChannelInitializer<EpollDomainSocketChannel> {
        @Override
        protected void initChannel(EpollDomainSocketChannel client) throws IOException {
            // The listening socket is in the group too.
            if (channels.size() > MAX_CLIENTS) {
                client.pipeline().addLast(new Refusal());
                return;
            }
            channels.add(client);
            int uid = client.peerCredentials().uid();
            JsonCaller caller = new JsonCaller(uid == ROOT || uid == ownerUid);
            client.pipeline()
                    .addLast(new JsonIdleTimeout(requestTimeout, IDLE_TIMEOUT))
                    .addLast(new LineBasedFrameDecoder(ControlRequest.MAX_LENGTH, true, true))
                    .addLast(new JsonControlHandler(methods, caller));
        }
    }

    /** Says that there are too many, and hangs up. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            JsonControlHandler.sendAndClose(
                    context,
                    new ControlException(
                            ExitCode.FAILED,
                            "too-many-clients",
                            MAX_CLIENTS + " clients are connected already"));
        }
    }
}
