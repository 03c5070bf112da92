package io.ovl.bench.scale;

import io.ovl.crypto.aead.Aead;
import io.ovl.crypto.cookie.CookieGenerator;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.message.MessageCookieReplyFlyweight;
import io.ovl.crypto.message.MessageDataFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.message.MessageType;
import io.ovl.crypto.noise.Handshake;
import io.ovl.crypto.noise.InitiationReader;
import io.ovl.crypto.noise.InitiationVerdict;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.crypto.noise.ReceivedInitiation;
import io.ovl.crypto.noise.TimestampSource;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Instant;

/**
 * One peer as the daemon sees it from outside, on a socket of its own: handshakes in both roles, data, keepalives.
 *
 * <p>Thread: that of its fleet. Ownership: owns the socket; borrows the fleet's AEAD and buffers.
 */
final class FleetPeer implements AutoCloseable {
    private static final int BUFFER_LENGTH = 2048;
    private static final int PADDING = 16;

    /** What all peers of a fleet share: one of them is at work at a time. */
    static final class Workbench {
        final Aead aead;
        final RandomSource random;
        final NoisePublicKey hub;
        final UnsafeBuffer plain = new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_LENGTH));
        final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_LENGTH);
        final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_LENGTH);
        final UnsafeBuffer outView = new UnsafeBuffer(out);
        final UnsafeBuffer inView = new UnsafeBuffer(in);

        Workbench(Aead aead, RandomSource random, NoisePublicKey hub) {
            this.aead = aead;
            this.random = random;
            this.hub = hub;
        }
    }

    final int number;

    /** When to begin the next handshake, when the last initiation went, and when something was sent last. */
    long nextHandshakeNs;

    long initiatedNs;
    long sentNs;

    private final Workbench bench;
    private final DatagramChannel channel;
    private final LocalIdentity identity;
    private final Handshake handshake;
    private final CookieGenerator cookies;
    private final TimestampSource timestamps = new TimestampSource();
    private @Nullable Keypair keypair;
    private boolean owesAnswer;

    /** A peer whose socket sends to {@code hub} only. */
    FleetPeer(int number, Workbench bench, SocketAddress own, SocketAddress hub)
            throws IOException {
        this.number = number;
        this.bench = bench;
        try (NoisePrivateKey key = ScaleKeys.privateKey(number)) {
            identity = new LocalIdentity(key);
        }
        handshake = new Handshake(identity, bench.hub, null);
        cookies = new CookieGenerator(bench.hub);
        channel = DatagramChannel.open();
        channel.bind(own);
        channel.connect(hub);
        channel.configureBlocking(false);
    }

    DatagramChannel channel() {
        return channel;
    }

    boolean hasSession() {
        return keypair != null;
    }

    boolean isInitiating() {
        return handshake.isAwaitingResponse();
    }

    /** Whether data came that nothing has answered yet. */
    boolean owesAnswer() {
        return owesAnswer;
    }

    void initiate(long nowNs) throws IOException {
        int index = bench.random.nextInt();
        handshake.createInitiation(
                bench.outView, 0, index, timestamps.next(Instant.now()), bench.random);
        cookies.addMacs(bench.outView, 0, MessageInitiationFlyweight.LENGTH, nowNs);
        initiatedNs = nowNs;
        send(MessageInitiationFlyweight.LENGTH, nowNs);
    }

    void keepalive(long nowNs) throws IOException {
        sendData(0, nowNs);
    }

    /** Sends the first bytes of the workbench's plain buffer; false without a session. */
    boolean sendData(int length, long nowNs) throws IOException {
        Keypair current = keypair;
        if (current == null) {
            return false;
        }
        int padded = length == 0 ? 0 : (length + PADDING - 1) / PADDING * PADDING;
        long counter = current.claimCounters(1);
        MessageDataFlyweight.putHeader(bench.outView, 0, current.remoteIndex(), counter);
        bench.aead.seal(
                current.sendingKey(),
                counter,
                bench.plain.addressOffset(),
                padded,
                bench.outView.addressOffset() + MessageDataFlyweight.HEADER_LENGTH);
        owesAnswer = false;
        send(MessageDataFlyweight.MIN_LENGTH + padded, nowNs);
        return true;
    }

    private void send(int length, long nowNs) throws IOException {
        sentNs = nowNs;
        bench.out.limit(length).position(0);
        channel.write(bench.out);
        bench.out.clear();
    }

    /**
     * Receives one message, if there is one.
     *
     * @return its {@link MessageType}, {@link MessageType#UNKNOWN} for one that came to nothing, or -1 when there is
     *     none
     */
    int receive(long nowNs) throws IOException {
        bench.in.clear();
        int length = channel.read(bench.in);
        if (length <= 0) {
            return -1;
        }
        int type = MessageType.classify(bench.inView, 0, length);
        boolean isUseful =
                switch (type) {
                    case MessageType.RESPONSE -> onResponse(nowNs);
                    case MessageType.INITIATION -> onInitiation(nowNs);
                    case MessageType.COOKIE_REPLY -> onCookieReply(nowNs);
                    case MessageType.DATA -> onData(length);
                    default -> false;
                };
        return isUseful ? type : MessageType.UNKNOWN;
    }

    private boolean onResponse(long nowNs) throws IOException {
        if (!handshake.consumeResponse(bench.inView, 0)) {
            return false;
        }
        begin(handshake.beginSession(nowNs));
        keepalive(nowNs);
        return true;
    }

    private boolean onInitiation(long nowNs) throws IOException {
        try (ReceivedInitiation received = InitiationReader.read(identity, bench.inView, 0)) {
            boolean isAnswered =
                    received != null
                            && handshake.accept(received, nowNs) == InitiationVerdict.ACCEPTED
                            && handshake.createResponse(
                                    bench.outView, 0, bench.random.nextInt(), bench.random);
            if (!isAnswered) {
                return false;
            }
        }
        cookies.addMacs(bench.outView, 0, MessageResponseFlyweight.LENGTH, nowNs);
        send(MessageResponseFlyweight.LENGTH, nowNs);
        begin(handshake.beginSession(nowNs));
        return true;
    }

    private boolean onCookieReply(long nowNs) throws IOException {
        int index = MessageCookieReplyFlyweight.receiverIndex(bench.inView, 0);
        if (index != handshake.localIndex() || !cookies.consumeReply(bench.inView, 0, nowNs)) {
            return false;
        }
        initiate(nowNs);
        return true;
    }

    private boolean onData(int length) {
        Keypair current = keypair;
        if (current == null
                || MessageDataFlyweight.receiverIndex(bench.inView, 0) != current.localIndex()
                || !bench.aead.open(
                        current.receivingKey(),
                        MessageDataFlyweight.counter(bench.inView, 0),
                        bench.inView.addressOffset() + MessageDataFlyweight.HEADER_LENGTH,
                        length - MessageDataFlyweight.HEADER_LENGTH,
                        bench.plain.addressOffset())) {
            return false;
        }
        owesAnswer |= length > MessageDataFlyweight.MIN_LENGTH;
        return true;
    }

    private void begin(@Nullable Keypair next) {
        Keypair old = keypair;
        keypair = next;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void close() throws IOException {
        begin(null);
        handshake.close();
        identity.close();
        channel.close();
    }
}
