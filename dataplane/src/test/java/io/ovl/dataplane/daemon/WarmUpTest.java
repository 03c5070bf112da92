package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.dataplane.io.SecureRandomSource;
import io.ovl.dataplane.testing.ManualClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

class WarmUpTest {
    private static final int ROUNDS = 50;
    private static final WarmUp.Kinds BOTH = new WarmUp.Kinds(true, true);
    private static final int ENDLESS = Integer.MAX_VALUE;
    private static final long PATIENCE_MS = 60_000;

    private final AtomicLong carried = new AtomicLong();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** By its clock it takes no time: however slow the machine, it is not over before its rounds are. */
    private WarmUp start(WarmUp.Kinds kinds, int rounds) {
        AeadProvider provider = AeadProviders.select("jdk");
        DaemonLog log =
                new DaemonLog(
                        DaemonLog.Level.VERBOSE,
                        new PrintStream(said, true, StandardCharsets.UTF_8));
        return new WarmUp(
                        provider,
                        new SecureRandomSource(),
                        new ManualClock(1),
                        log,
                        carried::get,
                        kinds,
                        rounds)
                .start();
    }

    private void awaitOutcome() throws InterruptedException {
        for (int i = 0; i < PATIENCE_MS && said().isEmpty(); i++) {
            Thread.sleep(1);
        }
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true"})
    void shouldCarryEveryRoundToTheOtherEndAndBack(boolean hasTun, boolean hasTaps)
            throws Exception {
        try (WarmUp _ = start(new WarmUp.Kinds(hasTun, hasTaps), ROUNDS)) {
            awaitOutcome();
        }
        assertThat(said()).contains(": warmed up, " + ROUNDS + " rounds");
    }

    @Test
    void shouldEndWhenItIsClosed() {
        WarmUp endless = start(BOTH, ENDLESS);
        endless.close();
        assertThat(said()).contains("warm-up broken off");
    }

    @Test
    void shouldLeaveItToWhatTheDaemonCarries() throws Exception {
        carried.set(1_000_000);
        try (WarmUp _ = start(BOTH, ENDLESS)) {
            awaitOutcome();
        }
        assertThat(said()).contains("warm-up left to what the daemon carries, 0 rounds");
    }
}
