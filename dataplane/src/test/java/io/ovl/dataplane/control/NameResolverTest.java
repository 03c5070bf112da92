package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.peer.Peer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The lookups' queue is stepped by hand, and the conductor is the test. */
class NameResolverTest {
    private static final HostPort HOST = new HostPort("far.example.net", 51820);
    private static final UdpAddress FOUND = address("192.0.2.2:51820");
    private static final UdpAddress ELSEWHERE = address("198.51.100.9:4000");

    private final Peer peer =
            new Peer(0, NoisePublicKey.copyOf(new byte[NoisePublicKey.LENGTH], 0), 1);
    private final List<String> failures = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();
    private final SteppedThread lookups = new SteppedThread();
    private final NameResolver resolver =
            new NameResolver(Runnable::run, failures::add, this::lookUp, lookups);
    private @Nullable IpAddress answer;
    private int foundCount;

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void shouldAskAtGrowingIntervalsUntilThereIsAnAddress() {
        resolve();
        for (int i = 0; i < 8; i++) {
            step();
        }
        assertThat(delays)
                .containsExactly(
                        0L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);
        assertThat(failures).singleElement().asString().contains("far.example.net");
        assertThat(peer.endpoint()).isNull();

        answer = FOUND.ip();
        step();
        assertThat(peer.endpoint()).isEqualTo(Endpoint.of(FOUND));
        assertThat(foundCount).isOne();
        assertThat(lookups.waiting).isEmpty();
    }

    @Test
    void shouldUseALiteralAtOnce() {
        resolver.resolve(peer, new HostPort("192.0.2.2", 51820), () -> foundCount++);
        assertThat(peer.endpoint()).isEqualTo(Endpoint.of(FOUND));
        assertThat(foundCount).isOne();
        assertThat(lookups.waiting).isEmpty();
    }

    @Test
    void shouldKeepTheScopeOfALinkLocalAddress() {
        resolver.resolve(peer, new HostPort("fe80::1%lo", 51820), () -> foundCount++);
        assertThat(peer.endpoint()).isEqualTo(Endpoint.of(address("[fe80::1%lo]:51820")));
        assertThat(Objects.requireNonNull(peer.endpoint()).address().scopeId()).isOne();
    }

    @Test
    void shouldWaitForTheInterfaceOfALinkLocalAddress() {
        answer = IpAddress.parse("fe80::1"); // what the system's resolver would make of it
        resolver.resolve(peer, new HostPort("fe80::1%nosuchif0", 51820), () -> foundCount++);
        step();
        step();
        assertThat(peer.endpoint()).isNull();
        assertThat(delays).containsExactly(0L, 1_000L, 2_000L);
    }

    @Test
    void shouldLeaveAnEndpointThatWasLearnedMeanwhile() {
        resolve();
        peer.endpoint(Endpoint.of(ELSEWHERE));
        answer = FOUND.ip();
        step();
        assertThat(peer.endpoint()).isEqualTo(Endpoint.of(ELSEWHERE));
        assertThat(foundCount).isZero();
    }

    @Test
    void shouldReplaceTheEndpointOfASilentPeer() {
        peer.endpoint(Endpoint.of(ELSEWHERE));
        answer = FOUND.ip();
        resolve();
        step();
        assertThat(peer.endpoint()).isEqualTo(Endpoint.of(FOUND));
    }

    @Test
    void shouldKeepTheSourceAddressWhenTheNameStillMeansTheSame() {
        Endpoint before = new Endpoint(FOUND, IpAddress.parse("192.0.2.1"), 3);
        peer.endpoint(before);
        answer = FOUND.ip();
        resolve();
        step();
        assertThat(peer.endpoint()).isSameAs(before);
        assertThat(foundCount).isZero();
    }

    @Test
    void shouldAskOnceHoweverOftenItIsAsked() {
        resolve();
        resolve();
        assertThat(lookups.waiting).hasSize(1);
    }

    @Test
    void shouldForgetAPeerThatIsRemoved() {
        resolve();
        peer.markRemoved();
        step();
        assertThat(lookups.waiting).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldDropTheAnswerToAQuestionThatAnotherReplaced() {
        resolve();
        resolver.resolve(peer, new HostPort("192.0.2.77", 1), () -> {});
        answer = FOUND.ip();
        step();
        assertThat(Objects.requireNonNull(peer.endpoint()).address())
                .isEqualTo(address("192.0.2.77:1"));
    }

    @Test
    void shouldDropTheAnswerWhenTheEndpointIsNoLongerAName() {
        resolve();
        resolver.forget(peer);
        answer = FOUND.ip();
        step();
        assertThat(peer.endpoint()).isNull();
        assertThat(foundCount).isZero();
        assertThat(lookups.waiting).isEmpty();
    }

    private void resolve() {
        resolver.resolve(peer, HOST, () -> foundCount++);
    }

    private byte[] lookUp(String host) throws UnknownHostException {
        IpAddress found = answer;
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found.bytes();
    }

    /** Does the lookup that is next. */
    private void step() {
        Runnable next = lookups.waiting.remove();
        next.run();
    }

    private static UdpAddress address(String text) {
        return Objects.requireNonNull(UdpAddress.parse(text));
    }

    /** Keeps what is scheduled until the test does it. */
    private final class SteppedThread implements NameResolver.LookupThread {
        final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

        @Override
        public void schedule(Runnable lookup, long delayMs) {
            waiting.add(lookup);
            delays.add(delayMs);
        }

        @Override
        public void close() {}
    }
}
