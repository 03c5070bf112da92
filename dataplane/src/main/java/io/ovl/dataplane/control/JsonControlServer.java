package io.ovl.dataplane.control;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.Future;
import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ControlRequest;
import io.ovl.config.ctl.ExitCode;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The control socket: newline-delimited JSON for {@code ovlctl}.
 *
 * <p>At most sixteen clients at once. The socket belongs to the daemon's user and to group {@code ovl} where there is
 * one; the group may read, only root and the daemon's user may change anything or see secret keys.
 *
 * <p>Thread: {@link #start} and {@link #close} from any; everything else happens on the event loop. Ownership: the
 * event loop is the caller's and outlives the server.
 */
public final class JsonControlServer {
    /** Who may read what daemons report. */
    public static final String GROUP = "ovl";

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    private static final int ROOT = 0;

    private final ControlSocket socket;
    private final Map<String, JsonMethod> methods = new TreeMap<>();
    private final JsonAnswerQueue longAnswers = new JsonAnswerQueue();
    private final Duration requestTimeout;
    private volatile int ownerUid = ROOT;

    /**
     * A server at {@code file} that runs on {@code eventLoop}, which must be an epoll loop.
     *
     * @param stop has the daemon end, and does not wait for that
     */
    public JsonControlServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            DeviceControl control,
            SegmentControl segments,
            StatusSource source,
            ConfigReload reload,
            Runnable stop) {
        this(eventLoop, file, methods(control, segments, source, reload, stop), REQUEST_TIMEOUT);
    }

    JsonControlServer(
            EventLoop eventLoop,
            UnixSocketFile file,
            List<JsonMethod> methods,
            Duration requestTimeout) {
        socket = new ControlSocket(eventLoop, file);
        this.requestTimeout = requestTimeout;
        for (JsonMethod method : methods) {
            this.methods.put(method.name(), method);
        }
    }

    /** Binds; the result, on the event loop, says whether clients can connect. */
    public Future<Void> start() {
        return socket.start(new ClientInitializer(), this::publish);
    }

    private void publish(UnixSocketFile file) throws IOException {
        file.publish("rw-rw----", GROUP, "rw-------");
        ownerUid = (Integer) Files.getAttribute(file.path(), "unix:uid");
    }

    /** Hangs up on all clients, and takes the socket away. */
    public Future<?> close() throws IOException {
        return socket.close();
    }

    private static List<JsonMethod> methods(
            DeviceControl control,
            SegmentControl segments,
            StatusSource source,
            ConfigReload reload,
            Runnable stop) {
        JsonPeers peers = new JsonPeers(control, source, segments);
        FdbControl fdb = segments.fdb();
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
                new JsonFdbShow(fdb),
                new JsonFdbGet(fdb),
                new JsonFdbPut(fdb, false),
                new JsonFdbPut(fdb, true),
                new JsonFdbDel(fdb),
                new JsonFdbFlush(fdb),
                new JsonFdbWatch(fdb),
                new JsonNeighShow(fdb),
                new JsonNeighFlush(fdb),
                new JsonMtu(segments, source),
                new JsonReload(reload),
                new JsonDown(stop),
                new JsonVersion(source));
    }

    /** Sets up each connection, or refuses one too many. */
    private final class ClientInitializer extends ChannelInitializer<EpollDomainSocketChannel> {
        @Override
        protected void initChannel(EpollDomainSocketChannel client) throws IOException {
            if (!socket.admits(client)) {
                client.pipeline().addLast(new Refusal());
                return;
            }
            int uid = client.peerCredentials().uid();
            JsonCaller caller = new JsonCaller(uid == ROOT || uid == ownerUid);
            client.pipeline()
                    .addLast(new JsonIdleTimeout(requestTimeout, IDLE_TIMEOUT))
                    .addLast(new LineBasedFrameDecoder(ControlRequest.MAX_LENGTH, true, true))
                    .addLast(new JsonControlHandler(methods, caller, longAnswers));
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
                            ControlSocket.MAX_CLIENTS + " clients are connected already"));
        }
    }
}
