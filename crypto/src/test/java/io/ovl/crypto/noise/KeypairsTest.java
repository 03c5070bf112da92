package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

class KeypairsTest {
    private final Keypairs keypairs = new Keypairs();
    private final List<Keypair> retired = new ArrayList<>();

    @Test
    void shouldUseInitiatedSessionAtOnceAndKeepOneBefore() {
        Keypair first = initiate();
        assertSlots(first, null, null);
        Keypair second = initiate();
        assertSlots(second, first, null);
        Keypair third = initiate();
        assertSlots(third, second, null);
        assertThat(retired).containsExactly(first);
    }

    @Test
    void shouldNotSendWithAnsweredSessionBeforeItIsConfirmed() {
        Keypair first = initiate();
        Keypair answered = respond();
        assertSlots(first, null, answered);
        assertThat(confirm(answered)).isTrue();
        assertSlots(answered, first, null);
        assertThat(confirm(answered)).isFalse();
        assertThat(retired).isEmpty();
    }

    @Test
    void shouldReplaceUnconfirmedSessionAndDropPreviousWhenAnsweringAgain() {
        Keypair first = initiate();
        Keypair second = initiate();
        Keypair answered = respond();
        assertSlots(second, null, answered);
        Keypair answeredAgain = respond();
        assertSlots(second, null, answeredAgain);
        assertThat(confirm(answered)).isFalse();
        assertThat(retired).containsExactlyInAnyOrder(first, answered);
    }

    @Test
    void shouldKeepUnconfirmedSessionReadableWhenOwnInitiationWins() {
        Keypair first = initiate();
        Keypair answered = respond();
        Keypair initiated = initiate();
        assertSlots(initiated, answered, null);
        assertThat(retired).containsExactly(first);
        assertThat(confirm(answered)).isFalse();
    }

    @Test
    void shouldRetirePreviousWhenAnsweringAndNothingOnConfirmation() {
        Keypair first = respond();
        confirm(first);
        Keypair second = respond();
        confirm(second);
        Keypair third = respond();
        assertThat(retired).containsExactly(first);
        confirm(third);
        assertThat(retired).containsExactly(first);
        assertSlots(third, second, null);
    }

    @Test
    void shouldHandBackEverythingOnClear() {
        Keypair first = initiate();
        Keypair second = initiate();
        keypairs.clear(retired::add);
        assertSlots(null, null, null);
        assertThat(retired).containsExactlyInAnyOrder(first, second);
        keypairs.clear(retired::add);
        assertThat(retired).hasSize(2);
    }

    @Test
    void shouldHoldOrHaveRetiredEachKeypairExactlyOnce() {
        SplittableRandom random = new SplittableRandom(7);
        List<Keypair> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            switch (random.nextInt(3)) {
                case 0 -> all.add(initiate());
                case 1 -> all.add(respond());
                default -> {
                    if (!all.isEmpty()) {
                        confirm(all.get(Math.max(0, all.size() - 1 - random.nextInt(3))));
                    }
                }
            }
            Set<Keypair> held = new HashSet<>();
            addHeld(held);
            assertThat(held.size() + retired.size()).isEqualTo(all.size());
        }
        assertThat(new HashSet<>(retired)).hasSameSizeAs(retired);
    }

    private void addHeld(Set<Keypair> held) {
        Keypair current = keypairs.current();
        Keypair previous = keypairs.previous();
        Keypair next = keypairs.next();
        if (current != null) {
            held.add(current);
        }
        if (previous != null) {
            held.add(previous);
        }
        if (next != null) {
            held.add(next);
        }
    }

    private Keypair initiate() {
        Keypair keypair = TestKeypairs.initiator(0);
        keypairs.onSessionDerived(keypair, retired::add);
        return keypair;
    }

    private Keypair respond() {
        Keypair keypair = TestKeypairs.responder(0);
        keypairs.onSessionDerived(keypair, retired::add);
        return keypair;
    }

    private boolean confirm(Keypair keypair) {
        return keypairs.onConfirmed(keypair);
    }

    private void assertSlots(
            @Nullable Keypair current, @Nullable Keypair previous, @Nullable Keypair next) {
        assertThat(keypairs.current()).isSameAs(current);
        assertThat(keypairs.previous()).isSameAs(previous);
        assertThat(keypairs.next()).isSameAs(next);
    }
}
