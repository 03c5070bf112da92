package io.ovl.crypto.noise;

import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.testing.SeededRandom;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** One of the two hosts of a handshake test. */
final class Side implements AutoCloseable {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    final LocalIdentity local;
    final RandomSource random;
    final TimestampSource timestamps = new TimestampSource();
    private @Nullable Handshake handshake;

    Side(long seed) {
        random = new SeededRandom(seed);
        try (NoisePrivateKey key = NoisePrivateKey.generate(random)) {
            local = new LocalIdentity(key);
        }
    }

    Side meets(NoisePublicKey remote, @Nullable NoisePresharedKey psk) {
        handshake = new Handshake(local, remote, psk);
        return this;
    }

    Side meets(Side other) {
        return meets(other.local.publicKey(), null);
    }

    Handshake handshake() {
        if (handshake == null) {
            throw new IllegalStateException("meets nobody yet");
        }
        return handshake;
    }

    UnsafeBuffer initiate(int index) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[MessageInitiationFlyweight.LENGTH]);
        if (!handshake().createInitiation(message, 0, index, timestamps.next(START), random)) {
            throw new IllegalStateException("not usable");
        }
        return message;
    }

    InitiationVerdict accept(UnsafeBuffer message, long nowNs) {
        try (ReceivedInitiation received = InitiationReader.read(local, message, 0)) {
            return received == null
                    ? InitiationVerdict.INVALID
                    : handshake().accept(received, nowNs);
        }
    }

    @Nullable UnsafeBuffer respond(int index) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[MessageResponseFlyweight.LENGTH]);
        return handshake().createResponse(message, 0, index, random) ? message : null;
    }

    @Override
    public void close() {
        handshake().close();
        local.close();
    }
}
