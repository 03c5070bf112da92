package io.ovl.crypto.noise;

import static io.ovl.crypto.noise.PeerTimers.GIVE_UP;
import static io.ovl.crypto.noise.PeerTimers.NEW_HANDSHAKE;
import static io.ovl.crypto.noise.PeerTimers.RETRANSMIT_INITIATION;
import static io.ovl.crypto.noise.PeerTimers.SEND_KEEPALIVE;
import static io.ovl.crypto.noise.PeerTimers.SEND_PERSISTENT_KEEPALIVE;
import static io.ovl.crypto.noise.PeerTimers.ZERO_HANDSHAKE;
import static io.ovl.crypto.noise.PeerTimers.ZERO_KEYS;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.testing.SeededRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Every timer to the nanosecond, in virtual time. */
class PeerTimersTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long START = 1_000 * SECOND;
    private static final long NEVER = Long.MAX_VALUE;

    private final PeerTimers timers = new PeerTimers(jitter(0));

    @Test
    void shouldHaveNothingToDoAtFirst() {
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
        assertThat(timers.expire(START)).isZero();
        assertThat(timers.mayInitiate(0)).isTrue();
    }

    @Test
    void shouldRetransmitAfterFiveSeconds() {
        timers.onHandshakeInitiated(START);
        assertDue(START + 5 * SECOND, RETRANSMIT_INITIATION);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void shouldAddAtMostThreeHundredThirtyThreeMilliseconds() {
        PeerTimers latest = new PeerTimers(jitter(-1));
        latest.onHandshakeInitiated(START);
        assertThat(latest.nextDeadlineNs()).isEqualTo(START + 5_333 * MS);
        long least = NEVER;
        long most = 0;
        PeerTimers random = new PeerTimers(new SeededRandom(1));
        for (int i = 0; i < 10_000; i++) {
            random.onHandshakeInitiated(START);
            long delay = random.nextDeadlineNs() - START;
            assertThat(delay).isBetween(5_000 * MS, 5_333 * MS);
            least = Math.min(least, delay);
            most = Math.max(most, delay);
        }
        assertThat(least).isLessThan(5_001 * MS);
        assertThat(most).isGreaterThan(5_332 * MS);
    }

    @Test
    void shouldGiveUpAfterTwentyInitiations() {
        List<Long> sent = new ArrayList<>(List.of(START));
        timers.onHandshakeInitiated(START);
        int due = RETRANSMIT_INITIATION;
        long now = START;
        while (due == RETRANSMIT_INITIATION) {
            now = timers.nextDeadlineNs();
            due = timers.expire(now);
            if (due == RETRANSMIT_INITIATION) {
                timers.onHandshakeInitiated(now);
                sent.add(now);
            }
        }
        assertThat(due).isEqualTo(GIVE_UP);
        assertThat(sent).hasSize(20);
        assertThat(sent.getLast() - START).isEqualTo(95 * SECOND);
        assertThat(now - START).isEqualTo(100 * SECOND);
        // Only the wiping of what is left of the handshake remains.
        assertDue(now + 540 * SECOND, ZERO_KEYS | ZERO_HANDSHAKE);
    }

    @Test
    void shouldStartAfreshAfterGivingUp() {
        timers.onHandshakeInitiated(START);
        assertThat(retriesUntilGivenUp()).isEqualTo(19);
        long again = START + 5_000 * SECOND;
        assertThat(timers.mayInitiate(again)).isTrue();
        timers.onHandshakeInitiated(again);
        assertThat(retriesUntilGivenUp()).isEqualTo(19);
    }

    @Test
    void shouldStartRetriesOverWhenNewDataAsks() {
        timers.onHandshakeInitiated(START);
        for (int i = 0; i < 15; i++) {
            long now = timers.nextDeadlineNs();
            timers.expire(now);
            timers.onHandshakeInitiated(now);
        }
        timers.onHandshakeRequested();
        assertThat(retriesUntilGivenUp()).isEqualTo(19);
    }

    @Test
    void shouldStopRetryingOnceHandshakeIsComplete() {
        timers.onHandshakeInitiated(START);
        timers.onHandshakeComplete(START + SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
        timers.onHandshakeInitiated(START + 120 * SECOND);
        assertThat(retriesUntilGivenUp()).isEqualTo(19);
    }

    @Test
    void shouldNotInitiateTwiceInFiveSeconds() {
        timers.onHandshakeInitiated(START);
        assertThat(timers.mayInitiate(START + 5 * SECOND - 1)).isFalse();
        assertThat(timers.mayInitiate(START + 5 * SECOND)).isTrue();
        timers.onHandshakeResponded(START + 6 * SECOND);
        assertThat(timers.mayInitiate(START + 11 * SECOND - 1)).isFalse();
        assertThat(timers.mayInitiate(START + 11 * SECOND)).isTrue();
    }

    @Test
    void shouldSendKeepaliveTenSecondsAfterUnansweredData() {
        timers.onDataReceived(START);
        timers.onDataReceived(START);
        assertDue(START + 10 * SECOND, SEND_KEEPALIVE);
        timers.onAuthenticatedPacketSent(START + 10 * SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void shouldNotSendKeepaliveWhenAnythingWasSent() {
        timers.onDataReceived(START);
        timers.onAuthenticatedPacketSent(START + SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
        timers.onDataReceived(START + 2 * SECOND);
        assertDue(START + 12 * SECOND, SEND_KEEPALIVE);
    }

    @Test
    void shouldSendKeepaliveOncePerTenSecondsOfOneWayData() {
        List<Long> keepalives = new ArrayList<>();
        for (long now = START; now <= START + 35 * SECOND; now += SECOND) {
            if (timers.expire(now) == SEND_KEEPALIVE) {
                keepalives.add(now - START);
                timers.onAuthenticatedPacketSent(now);
            }
            timers.onDataReceived(now);
        }
        // Data that comes in the instant of a keepalive has not been answered by it.
        assertThat(keepalives).containsExactly(10 * SECOND, 20 * SECOND, 30 * SECOND);
    }

    @Test
    void shouldTryKeepaliveAgainWhenItCouldNotBeSentAndMoreDataCame() {
        timers.onDataReceived(START);
        timers.onDataReceived(START + 3 * SECOND);
        assertDue(START + 10 * SECOND, SEND_KEEPALIVE);
        assertDue(START + 20 * SECOND, SEND_KEEPALIVE);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void shouldStartHandshakeFifteenSecondsAfterUnansweredData() {
        timers.onDataSent(START);
        timers.onDataSent(START + 14 * SECOND);
        assertDue(START + 15 * SECOND, NEW_HANDSHAKE);
        PeerTimers latest = new PeerTimers(jitter(-1));
        latest.onDataSent(START);
        assertThat(latest.nextDeadlineNs()).isEqualTo(START + 15_333 * MS);
    }

    @Test
    void shouldNotStartHandshakeWhenAnythingWasReceived() {
        timers.onDataSent(START);
        timers.onAuthenticatedPacketReceived(START + 14 * SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
        timers.onDataSent(START + 16 * SECOND);
        assertDue(START + 31 * SECOND, NEW_HANDSHAKE);
    }

    @Test
    void shouldZeroKeysNineMinutesAfterLastSession() {
        timers.onSessionDerived(START);
        timers.onSessionDerived(START + 60 * SECOND);
        assertDue(START + 600 * SECOND, ZERO_KEYS | ZERO_HANDSHAKE);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void shouldZeroKeysButNotHandshakeUnderWay() {
        timers.onSessionDerived(START);
        timers.onHandshakeInitiated(START + 538 * SECOND);
        assertDue(START + 540 * SECOND, ZERO_KEYS);
        assertDue(START + 543 * SECOND, RETRANSMIT_INITIATION);
    }

    @Test
    void shouldSendPersistentKeepaliveAtOnceAndThenInSilenceOnly() {
        timers.persistentKeepaliveSeconds(25, START);
        assertDue(START, SEND_PERSISTENT_KEEPALIVE);
        timers.onAuthenticatedPacketTraversal(START);
        timers.onAuthenticatedPacketTraversal(START + 20 * SECOND);
        assertDue(START + 45 * SECOND, SEND_PERSISTENT_KEEPALIVE);
        assertDue(START + 70 * SECOND, SEND_PERSISTENT_KEEPALIVE);
        timers.persistentKeepaliveSeconds(0, START + 71 * SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
        timers.onAuthenticatedPacketTraversal(START + 72 * SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void shouldApplyChangedIntervalFromLastPacketOn() {
        timers.persistentKeepaliveSeconds(65_535, START);
        timers.expire(START);
        timers.onAuthenticatedPacketTraversal(START);
        assertThat(timers.nextDeadlineNs()).isEqualTo(START + 65_535 * SECOND);
        timers.persistentKeepaliveSeconds(1, START + SECOND / 2);
        assertDue(START + SECOND, SEND_PERSISTENT_KEEPALIVE);
    }

    @Test
    void shouldSayNothingAfterStopUntilSwitchedOnAgain() {
        timers.onDataSent(START);
        timers.onDataReceived(START);
        timers.onSessionDerived(START);
        timers.onHandshakeInitiated(START);
        timers.persistentKeepaliveSeconds(1, START);
        timers.stop();
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
        assertThat(timers.expire(START + 10_000 * SECOND)).isZero();
        timers.persistentKeepaliveSeconds(1, START + SECOND);
        assertThat(timers.nextDeadlineNs()).isEqualTo(START + SECOND);
    }

    @Test
    void shouldFireEachTimerOnceAfterLongSuspend() {
        timers.persistentKeepaliveSeconds(25, START);
        timers.onHandshakeInitiated(START);
        timers.onSessionDerived(START);
        timers.onDataSent(START);
        timers.onDataReceived(START);
        long wake = START + 600 * SECOND;
        assertThat(timers.expire(wake))
                .isEqualTo(
                        RETRANSMIT_INITIATION
                                | NEW_HANDSHAKE
                                | SEND_KEEPALIVE
                                | SEND_PERSISTENT_KEEPALIVE
                                | ZERO_KEYS);
        assertThat(timers.expire(wake)).isZero();
        assertThat(timers.nextDeadlineNs()).isEqualTo(wake + 25 * SECOND);
    }

    @Test
    void shouldIgnoreDataReceivedBeforeSomethingWasSent() {
        timers.onAuthenticatedPacketSent(START + 500 * MS);
        timers.onDataReceived(START);
        assertThat(timers.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void shouldNotTakeEarlierPacketForAnswerToLaterData() {
        timers.onDataReceived(START + 600 * MS);
        timers.onAuthenticatedPacketSent(START + 500 * MS);
        assertDue(START + 10_600 * MS, SEND_KEEPALIVE);
        timers.onDataSent(START + 20_600 * MS);
        timers.onAuthenticatedPacketReceived(START + 20_500 * MS);
        assertDue(START + 35_600 * MS, NEW_HANDSHAKE);
    }

    @Test
    void shouldKeepTimerForDataAfterLateAnswer() {
        timers.onDataReceived(START);
        timers.onDataReceived(START + 600 * MS);
        timers.onAuthenticatedPacketSent(START + 500 * MS);
        assertThat(timers.nextDeadlineNs()).isEqualTo(START + 10_600 * MS);
        timers.onAuthenticatedPacketSent(START + 700 * MS);
        timers.onDataSent(START);
        timers.onDataSent(START + 600 * MS);
        timers.onAuthenticatedPacketReceived(START + 500 * MS);
        assertThat(timers.nextDeadlineNs()).isEqualTo(START + 15_600 * MS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNotDependOnOrderInWhichSentAndReceivedAreTold(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            PeerTimers inOrder = new PeerTimers(jitter(0));
            PeerTimers late = new PeerTimers(jitter(0));
            long received = START + random.nextLong(SECOND);
            long sent = START + random.nextLong(SECOND);
            if (received <= sent) {
                receive(inOrder, received);
                send(inOrder, sent);
            } else {
                send(inOrder, sent);
                receive(inOrder, received);
            }
            // A poll once a second tells what the workers noted, received first.
            receive(late, received);
            send(late, sent);
            assertThat(late.nextDeadlineNs()).isEqualTo(inOrder.nextDeadlineNs());
        }
    }

    private static void receive(PeerTimers timers, long ns) {
        timers.onAuthenticatedPacketReceived(ns);
        timers.onDataReceived(ns);
    }

    private static void send(PeerTimers timers, long ns) {
        timers.onAuthenticatedPacketSent(ns);
        timers.onDataSent(ns);
    }

    private int retriesUntilGivenUp() {
        int retries = 0;
        while (true) {
            long now = timers.nextDeadlineNs();
            int due = timers.expire(now);
            if ((due & GIVE_UP) != 0) {
                return retries;
            }
            if ((due & RETRANSMIT_INITIATION) != 0) {
                retries++;
                timers.onHandshakeInitiated(now);
            }
        }
    }

    private void assertDue(long ns, int due) {
        assertThat(timers.nextDeadlineNs()).isEqualTo(ns);
        assertThat(timers.expire(ns - 1)).isZero();
        assertThat(timers.expire(ns)).isEqualTo(due);
        assertThat(timers.expire(ns)).isZero();
    }

    private static RandomSource jitter(int bits) {
        return new RandomSource() {
            @Override
            public void nextBytes(byte[] destination) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int nextInt() {
                return bits;
            }
        };
    }
}
