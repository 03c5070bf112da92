package io.ovl.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadProviders;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.ManualClock;
import io.ovl.dataplane.testing.SimulatedPacket;
import io.ovl.dataplane.testing.Simulation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker does with packets that wait when commands of the conductor's and packets cross. */
class WorkerStagingTest {
    private final WorkerBench bench =
            new WorkerBench(AeadProviders.select(""), new ManualClock(1_000_000_000_000L), 1, 0);

    @BeforeEach
    void endSession() {
        bench.endSession();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void sendPacket() {
        byte[] packet =
                SimulatedPacket.of(Simulation.ip("10.0.0.1"), Simulation.ip("10.0.0.2"), 1, 64);
        UnsafeBuffer frame = WorkerBench.frame(packet);
        bench.device.offer(frame, 1);
        bench.doWork();
    }

    /** As the conductor does it: the mark first, then the command. */
    private void giveUp() {
        bench.peer.isHandshakeWanted(false);
        bench.proxy().dropStaged(bench.peer);
    }

    private int staged() {
        return bench.peer.staged(0).count();
    }

    @Test
    void shouldDropWhatIsStagedWhenHandshakeIsGivenUp() {
        sendPacket();
        assertThat(bench.peer.isHandshakeWanted()).isTrue();

        giveUp();
        bench.doWork();

        assertThat(staged()).isZero();
        assertThat(bench.counters.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldKeepPacketThatHasAskedForHandshakeSinceLastWasGivenUp() {
        bench.peer.isHandshakeWanted(false);
        sendPacket();
        bench.proxy().dropStaged(bench.peer);
        bench.doWork();

        assertThat(bench.peer.isHandshakeWanted()).isTrue();
        assertThat(staged()).isEqualTo(1);
        assertThat(bench.counters.dropped(DropReason.HANDSHAKE_FAILED)).isZero();
    }

    @Test
    void shouldAskAgainWhenKeypairIsGoneBeforeStagedPacketsAreSent() {
        sendPacket();
        bench.peer.isHandshakeWanted(false);

        bench.proxy().flushStaged(bench.peer, false);
        bench.doWork();

        assertThat(bench.peer.isHandshakeWanted()).isTrue();
        assertThat(staged()).isEqualTo(1);
    }

    @Test
    void shouldStageNothingForPeerThatIsRemoved() {
        sendPacket();
        bench.peer.markRemoved();
        bench.proxy().dropStaged(bench.peer);
        bench.doWork();
        sendPacket();

        assertThat(staged()).isZero();
        assertThat(bench.counters.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(1);
        assertThat(bench.counters.dropped(DropReason.NO_PEER)).isEqualTo(1);
    }
}
