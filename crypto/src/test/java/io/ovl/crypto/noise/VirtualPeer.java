package io.ovl.crypto.noise;

import static java.util.Objects.requireNonNull;

import io.ovl.crypto.aead.AeadKey;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * A host that does what the daemon does with this package, in virtual time and with one peer. Data is not encrypted: a
 * packet names its key, and only who holds that key can take it.
 */
final class VirtualPeer implements AutoCloseable {
    /** What goes over the virtual wire. */
    record Packet(
            @Nullable UnsafeBuffer handshake,
            int receiverIndex,
            long counter,
            String key,
            long payload) {
        static final long KEEPALIVE = -1;

        boolean isInitiation() {
            return handshake != null && handshake.getByte(0) == 1;
        }
    }

    final Side side;
    final Keypairs keypairs = new Keypairs();
    final PeerTimers timers;
    final List<Long> delivered = new ArrayList<>();
    final List<Long> initiationsNs = new ArrayList<>();
    int sessions;
    int keepalives;
    int givenUp;
    long oldestKeyUsedNs;

    private final Consumer<Packet> wire;
    private final ArrayDeque<Long> staged = new ArrayDeque<>();

    VirtualPeer(Side side, Consumer<Packet> wire) {
        this.side = side;
        this.wire = wire;
        timers = new PeerTimers(side.random);
    }

    void send(long payload, long nowNs) {
        if (staged.size() == ProtocolLimits.MAX_STAGED_PACKETS) {
            staged.removeFirst();
        }
        staged.addLast(payload);
        sendStaged(nowNs);
    }

    void receive(Packet packet, long nowNs) {
        UnsafeBuffer handshake = packet.handshake();
        if (handshake == null) {
            receiveData(packet, nowNs);
        } else if (packet.isInitiation()) {
            receiveInitiation(handshake, nowNs);
        } else {
            receiveResponse(handshake, nowNs);
        }
    }

    void expire(long nowNs) {
        int due = timers.expire(nowNs);
        if ((due & PeerTimers.GIVE_UP) != 0) {
            givenUp++;
            staged.clear();
        }
        if ((due & PeerTimers.RETRANSMIT_INITIATION) != 0) {
            initiate(nowNs);
        }
        if ((due & PeerTimers.NEW_HANDSHAKE) != 0) {
            request(nowNs);
        }
        if ((due & (PeerTimers.SEND_KEEPALIVE | PeerTimers.SEND_PERSISTENT_KEEPALIVE)) != 0
                && staged.isEmpty()) {
            staged.addLast(Packet.KEEPALIVE);
            sendStaged(nowNs);
        }
        if ((due & PeerTimers.ZERO_KEYS) != 0) {
            keypairs.clear(Keypair::close);
        }
        if ((due & PeerTimers.ZERO_HANDSHAKE) != 0) {
            side.handshake().clear();
        }
    }

    private void sendStaged(long nowNs) {
        while (!staged.isEmpty()) {
            Keypair current = keypairs.current();
            long counter =
                    current == null || current.isExpired(nowNs) ? -1 : current.claimCounters(1);
            if (current == null || counter == -1) {
                timers.onHandshakeRequested();
                request(nowNs);
                return;
            }
            long payload = staged.removeFirst();
            oldestKeyUsedNs = Math.max(oldestKeyUsedNs, nowNs - current.createdNs());
            if (payload == Packet.KEEPALIVE) {
                keepalives++;
            } else {
                timers.onDataSent(nowNs);
            }
            noteSent(nowNs);
            wire.accept(
                    new Packet(
                            null,
                            current.remoteIndex(),
                            counter,
                            name(current.sendingKey()),
                            payload));
            if (current.needsRekeyOnSend(nowNs)) {
                request(nowNs);
            }
        }
    }

    private void request(long nowNs) {
        if (timers.mayInitiate(nowNs)) {
            initiate(nowNs);
        }
    }

    private void initiate(long nowNs) {
        UnsafeBuffer message = side.initiate(side.random.nextInt());
        initiationsNs.add(nowNs);
        timers.onHandshakeInitiated(nowNs);
        noteSent(nowNs);
        wire.accept(new Packet(message, 0, 0, "", 0));
    }

    private void receiveInitiation(UnsafeBuffer message, long nowNs) {
        if (side.accept(message, nowNs) != InitiationVerdict.ACCEPTED) {
            return;
        }
        noteReceived(nowNs);
        UnsafeBuffer response = requireNonNull(side.respond(side.random.nextInt()));
        derive(nowNs);
        timers.onHandshakeResponded(nowNs);
        noteSent(nowNs);
        wire.accept(new Packet(response, 0, 0, "", 0));
    }

    private void receiveResponse(UnsafeBuffer message, long nowNs) {
        if (!side.handshake().consumeResponse(message, 0)) {
            return;
        }
        noteReceived(nowNs);
        derive(nowNs);
        timers.onHandshakeComplete(nowNs);
        if (staged.isEmpty()) {
            staged.addLast(Packet.KEEPALIVE);
        }
        sendStaged(nowNs);
    }

    private void derive(long nowNs) {
        sessions++;
        keypairs.onSessionDerived(
                requireNonNull(side.handshake().beginSession(nowNs)), Keypair::close);
        timers.onSessionDerived(nowNs);
    }

    private void receiveData(Packet packet, long nowNs) {
        Keypair keypair = find(packet);
        if (keypair == null
                || keypair.isExpired(nowNs)
                || !keypair.replayWindow().accept(packet.counter())) {
            return;
        }
        noteReceived(nowNs);
        if (keypairs.onConfirmed(keypair)) {
            timers.onHandshakeComplete(nowNs);
            sendStaged(nowNs);
        }
        if (packet.payload() != Packet.KEEPALIVE) {
            timers.onDataReceived(nowNs);
            delivered.add(packet.payload());
        }
        if (keypair.needsRekeyOnReceive(nowNs)) {
            request(nowNs);
        }
    }

    private @Nullable Keypair find(Packet packet) {
        for (Keypair keypair :
                new @Nullable Keypair[] {
                    keypairs.current(), keypairs.previous(), keypairs.next()
                }) {
            if (keypair != null
                    && keypair.localIndex() == packet.receiverIndex()
                    && name(keypair.receivingKey()).equals(packet.key())) {
                return keypair;
            }
        }
        return null;
    }

    private void noteSent(long nowNs) {
        timers.onAuthenticatedPacketSent(nowNs);
        timers.onAuthenticatedPacketTraversal(nowNs);
    }

    private void noteReceived(long nowNs) {
        timers.onAuthenticatedPacketReceived(nowNs);
        timers.onAuthenticatedPacketTraversal(nowNs);
    }

    private static String name(AeadKey key) {
        byte[] bytes = new byte[AeadKey.LENGTH];
        new UnsafeBuffer(key.address(), AeadKey.LENGTH).getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        keypairs.clear(Keypair::close);
        side.close();
    }
}
