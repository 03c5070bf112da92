package io.ovl.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.cookie.CookieChecker;
import io.ovl.crypto.cookie.HandshakeRateLimiter;
import io.ovl.crypto.cookie.MacState;
import io.ovl.crypto.cookie.UnderLoad;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.message.MessageDataFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageType;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.ReplayWindow;
import io.ovl.crypto.testing.SeededRandom;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.function.LongConsumer;

/** What runs once per packet allocates nothing, refusals included. */
class AllocationTest {
    private static final long LIMIT_NS = 60_000_000_000L;
    private static final int PACKETS = 100_000;

    private final SeededRandom random = new SeededRandom(1);
    private final UnsafeBuffer message =
            new UnsafeBuffer(new byte[MessageInitiationFlyweight.LENGTH]);
    private long sink;

    @Test
    void shouldClaimCountersAndAcceptThemWithoutAllocating() {
        ReplayWindow window = new ReplayWindow();
        try (Keypair keypair =
                new Keypair(
                        new AeadKey(new byte[32], 0),
                        new AeadKey(new byte[32], 0),
                        1,
                        2,
                        0,
                        true)) {
            assertNothingAllocated(
                    i -> {
                        long counter = keypair.claimCounters(1 + (int) (i & 63));
                        sink += window.accept(counter) ? 1 : 0;
                        sink += window.accept(counter - 5_000) ? 1 : 0;
                        sink += keypair.needsRekeyOnSend(i) || keypair.isExpired(i) ? 1 : 0;
                    });
        }
        assertThat(sink).isPositive();
    }

    @Test
    void shouldClassifyAndReadHeadersWithoutAllocating() {
        assertNothingAllocated(
                i -> {
                    MessageDataFlyweight.putHeader(message, 0, (int) i, i);
                    sink += MessageType.classify(message, 0, (int) (i % 100));
                    sink += MessageDataFlyweight.counter(message, 0);
                });
        assertThat(sink).isPositive();
    }

    @Test
    void shouldRefuseJunkHandshakesWithoutAllocating() {
        CookieChecker checker = new CookieChecker(NoisePublicKey.copyOf(new byte[32], 0), random);
        long packets =
                assertNothingAllocated(
                        i -> {
                            message.putLong(8, i);
                            MacState state =
                                    checker.check(
                                            message,
                                            0,
                                            message.capacity(),
                                            false,
                                            0,
                                            i,
                                            7,
                                            true,
                                            i);
                            sink += state == MacState.INVALID_MAC1 ? 1 : 0;
                        });
        assertThat(sink).isEqualTo(packets);
    }

    @Test
    void shouldLimitRatesWithoutAllocating() {
        HandshakeRateLimiter limiter = new HandshakeRateLimiter(random);
        UnderLoad load = new UnderLoad();
        assertNothingAllocated(
                i -> {
                    sink += limiter.allow((i & 1) == 0, i, i, i * 50_000) ? 1 : 0;
                    sink += load.isUnderLoad((int) (i & 1_023), i * 50_000) ? 1 : 0;
                });
        assertThat(sink).isPositive();
    }

    /**
     * Runs rounds until one allocates nothing, for a minute at most: when the compiler has done with the code depends
     * on what else the machine does. Returns how many packets that took.
     */
    private static long assertNothingAllocated(LongConsumer packet) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long startNs = System.nanoTime();
        long number = 0;
        long least = Long.MAX_VALUE;
        while (least > 0 && System.nanoTime() - startNs < LIMIT_NS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PACKETS; i++) {
                packet.accept(number++);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
        return number;
    }
}
