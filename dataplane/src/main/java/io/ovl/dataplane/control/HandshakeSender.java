package io.ovl.dataplane.control;

import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.peer.ByteCounts;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends handshake messages, one at a time, past the workers.
 *
 * <p>Thread: the conductor.
 */
final class HandshakeSender {
    /** DSCP AF41, as kernel WireGuard marks its handshakes. */
    private static final int TRAFFIC_CLASS = 0x88;

    private final SendBatch batch = new SendBatch();
    private @Nullable UdpBind bind;
    private long sentCount;
    private long failedCount;

    /** Sends a message of a handshake with the peer, which is something authenticated that the peer was sent. */
    void send(
            PeerControl control, Endpoint endpoint, DirectBuffer message, int length, long nowNs) {
        control.peer.activity().onAuthenticatedSent(nowNs);
        if (send(endpoint, message, 0, length) == 0) {
            control.peer.bytes().addTx(ByteCounts.CONDUCTOR, length);
        }
    }

    /** Sends through another socket from now on. */
    void bind(@Nullable UdpBind value) {
        bind = value;
    }

    /**
     * Sends one message.
     *
     * @return the errno, 0 for success, -1 when there is no socket
     */
    int send(Endpoint endpoint, DirectBuffer message, int offset, int length) {
        UdpBind socket = bind;
        if (socket == null) {
            failedCount++;
            return -1;
        }
        batch.clear();
        batch.buffer().putBytes(batch.reserve(), message, offset, length);
        batch.commit(endpoint, TRAFFIC_CLASS, length);
        socket.send(batch);
        int errno = batch.errno(0);
        batch.clear();
        if (errno == 0) {
            sentCount++;
        } else {
            failedCount++;
        }
        return errno;
    }

    long sentCount() {
        return sentCount;
    }

    long failedCount() {
        return failedCount;
    }
}
