package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.sun.management.HotSpotDiagnosticMXBean;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.testing.SeededRandom;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks for secrets in a dump of the live heap. The test keeps its own copies masked, or it would find those. */
class KeyHygieneTest {
    private static final byte MASK = 0x55;
    private static final int LENGTH = 32;

    @TempDir private Path folder = Path.of("");

    private final List<byte[]> masked = new ArrayList<>();

    @Test
    void shouldLeaveNoLongLivedSecretOnHeap() throws IOException {
        try (Side alice = new Side(1);
                Side bob = new Side(2);
                NoisePresharedKey psk = NoisePresharedKey.generate(new SeededRandom(3))) {
            alice.meets(bob.local.publicKey(), psk);
            bob.meets(alice.local.publicKey(), psk);
            noteSecret(alice.local.privateKey().address());
            noteSecret(bob.local.privateKey().address());
            byte[] bytes = new byte[LENGTH];
            psk.copyTo(bytes, 0);
            note(bytes);
            assertThat(bob.accept(alice.initiate(1), 0)).isEqualTo(InitiationVerdict.ACCEPTED);
            assertThat(alice.handshake().consumeResponse(requireNonNull(bob.respond(2)), 0))
                    .isTrue();
            try (Keypair session = requireNonNull(alice.handshake().beginSession(0))) {
                noteSecret(session.sendingKey().address());
                noteSecret(session.receivingKey().address());
                // A handshake under way holds its ephemeral and chaining key as well.
                alice.initiate(3);
                byte[] heap = dumpHeap();
                byte[] witness = requireNonNull(alice.local.publicKey()).bytes();
                assertThat(count(heap, witness, (byte) 0))
                        .as("the public key shows that the search works")
                        .isPositive();
                for (byte[] secret : masked) {
                    assertThat(count(heap, secret, MASK)).isZero();
                }
                assertThat(masked).hasSize(5);
            }
        }
    }

    private void noteSecret(long address) {
        byte[] bytes = new byte[AeadKey.LENGTH];
        new UnsafeBuffer(address, LENGTH).getBytes(0, bytes);
        note(bytes);
    }

    private void note(byte[] secret) {
        for (int i = 0; i < LENGTH; i++) {
            secret[i] ^= MASK;
        }
        masked.add(secret);
    }

    private byte[] dumpHeap() throws IOException {
        Path dump = folder.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(dump.toString(), true);
        byte[] bytes = Files.readAllBytes(dump);
        Files.delete(dump);
        return bytes;
    }

    private static int count(byte[] heap, byte[] pattern, byte mask) {
        int found = 0;
        for (int start = 0; start <= heap.length - LENGTH; start++) {
            int i = 0;
            while (i < LENGTH && heap[start + i] == (byte) (pattern[i] ^ mask)) {
                i++;
            }
            if (i == LENGTH) {
                found++;
            }
        }
        return found;
    }
}
