package io.ovl.dataplane.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.ovl.config.ctl.ControlReply;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Events on their way to a client that watches.
 *
 * <p>What the client does not read in time is counted instead of kept; it is told how many there were once it reads
 * again.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonEventStream implements Consumer<Map<String, ?>> {
    private final ChannelHandlerContext context;
    private final long id;
    private long lostCount;
    private boolean isFlushDue;

    JsonEventStream(ChannelHandlerContext context, long id) {
        this.context = context;
        this.id = id;
    }

    @Override
    public void accept(Map<String, ?> event) {
        if (!context.channel().isWritable()) {
            lostCount++;
            return;
        }
        if (lostCount > 0) {
            Map<String, @Nullable Object> lost = new LinkedHashMap<>();
            lost.put("time", event.get("time"));
            lost.put("event", "lost");
            lost.put("count", lostCount);
            write(lost);
            lostCount = 0;
        }
        write(event);
        flushSoon();
    }

    private void write(Map<String, ?> event) {
        var _ = context.write(Unpooled.wrappedBuffer(ControlReply.encodeEvent(id, event)));
    }

    /** Once for all that happens at the same time: a flush of the table is thousands of events. */
    private void flushSoon() {
        if (!isFlushDue) {
            isFlushDue = true;
            context.executor()
                    .execute(
                            () -> {
                                isFlushDue = false;
                                context.flush();
                            });
        }
    }
}
