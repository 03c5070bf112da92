package io.ovl.dataplane.io;

import org.jspecify.annotations.Nullable;

/**
 * UDP datagrams in batches: one recvmmsg or sendmmsg for many messages, each of which may be many datagrams (UDP_GRO,
 * UDP_SEGMENT).
 *
 * <p>A full socket buffer is waited for once in each {@link #send}, for a millisecond at the most: that turns a burst
 * into delay on the device's queue, where the senders behind it notice, instead of into loss of whole super-packets.
 *
 * <p>Thread: one owner. Ownership: borrows its socket from {@link LinuxUdpSockets}. Units: bytes.
 */
public final class LinuxUdpBind implements UdpBind {
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SEND_WAIT_MS = 1;

    private final LibC libc = new LibC();
    private final UdpSocket socket;
    private final SendQueue sendQueue;
    private MessageArray incoming = new MessageArray(0);
    private @Nullable ReceiveBatch incomingBatch;

    LinuxUdpBind(UdpSocket socket) {
        this.socket = socket;
        sendQueue = new SendQueue(libc, socket, SEND_WAIT_MS);
    }

    /** {@inheritDoc} Using the same batch each time saves setting the kernel's structures up again. */
    @Override
    @SuppressWarnings(
            "ReferenceEquality") // the memory of that very batch is what the array points to
    public int receive(ReceiveBatch batch) {
        batch.count(0);
        if (incomingBatch != batch) {
            pointTo(batch);
        }
        int received =
                libc.recvmmsg(socket.fd(), incoming.address(0), batch.capacity(), MSG_DONTWAIT);
        if (received < 0) {
            return received == -Errno.EAGAIN || received == -Errno.EINTR ? 0 : received;
        }
        for (int i = 0; i < received; i++) {
            SocketAddressCodec.decode(incoming.names(), incoming.nameOffset(i), batch, i);
            ControlMessageCodec.decode(
                    incoming.controls(),
                    incoming.controlOffset(i),
                    incoming.controlLength(i),
                    batch,
                    i,
                    incoming.receivedLength(i));
            incoming.lengths(i, MessageArray.NAME_LENGTH, MessageArray.CONTROL_LENGTH);
        }
        batch.count(received);
        return received;
    }

    private void pointTo(ReceiveBatch batch) {
        incomingBatch = batch;
        if (incoming.capacity() < batch.capacity()) {
            incoming = new MessageArray(batch.capacity());
        }
        for (int i = 0; i < batch.capacity(); i++) {
            long address = batch.buffer().addressOffset() + batch.offset(i);
            incoming.vector(i, address, ReceiveBatch.SLOT_LENGTH);
        }
    }

    @Override
    public int send(SendBatch batch) {
        return sendQueue.send(batch);
    }

    @Override
    public int port() {
        return socket.port();
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** Does nothing: {@link LinuxUdpSockets} closes the socket. */
    @Override
    public void close() {}
}
