package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypair;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

class IndexTableTest {
    private final IndexTable table = new IndexTable();
    private final Peer peer = new Peer(0, NoisePublicKey.copyOf(new byte[32], 0), 1);

    @Test
    void shouldFindWhatWasAdded() {
        Session session = session(0x1234_5678);
        table.add(0x1234_5678, session);
        assertThat(table.lookup(0x1234_5678)).isSameAs(session);
        assertThat(table.lookup(0x1234_5679)).isNull();
    }

    @Test
    void shouldFindPastARemovedEntryOfTheSameBucket() {
        Session first = session(64);
        Session second = session(128);
        table.add(64, first);
        table.add(128, second);
        table.remove(64);
        assertThat(table.lookup(64)).isNull();
        assertThat(table.lookup(128)).isSameAs(second);
    }

    @Test
    void shouldTakeAnIndexAgainAfterItWasRemoved() {
        table.add(7, session(7));
        table.remove(7);
        Session again = session(7);
        table.add(7, again);
        assertThat(table.lookup(7)).isSameAs(again);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void shouldAgreeWithAMapUnderRandomOperations() {
        SplittableRandom random = new SplittableRandom(2);
        Map<Integer, Session> model = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            int index = random.nextInt(4096) * 0x01000193;
            if (model.containsKey(index)) {
                table.remove(index);
                model.remove(index);
            } else {
                Session session = session(index);
                table.add(index, session);
                model.put(index, session);
            }
            int probe = random.nextInt(4096) * 0x01000193;
            assertThat(table.lookup(probe)).isSameAs(model.get(probe));
        }
        assertThat(table.size()).isEqualTo(model.size());
    }

    /** As workers do while the conductor adds and removes sessions. */
    @Test
    void shouldFindEveryStableEntryWhileOthersComeAndGo() throws InterruptedException {
        int stable = 100;
        for (int index = 0; index < stable; index++) {
            table.add(index, session(index));
        }
        AtomicBoolean isDone = new AtomicBoolean();
        CountDownLatch readersRun = new CountDownLatch(2);
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        List<Thread> readers = new ArrayList<>();
        for (int seed = 0; seed < 2; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            readers.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (!isDone.get()) {
                                            int index = random.nextInt(stable);
                                            Session found = table.lookup(index);
                                            if (found == null
                                                    || found.keypair().localIndex() != index) {
                                                faults.add(index + ": " + found);
                                            }
                                            readersRun.countDown();
                                        }
                                    }));
        }
        readersRun.await();
        SplittableRandom random = new SplittableRandom(2);
        // Multiples of 256 lie on the same places as the stable ones, and the table is rebuilt now
        // and then.
        for (int i = 0; i < 300_000 && faults.isEmpty(); i++) {
            int index = 256 * (1 + random.nextInt(300)) + random.nextInt(stable);
            if (table.lookup(index) == null) {
                table.add(index, session(index));
            } else {
                table.remove(index);
            }
        }
        isDone.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(faults).isEmpty();
    }

    private Session session(int index) {
        AeadKey key = new AeadKey(new byte[32], 0);
        return new Session(peer, new Keypair(key, key, index, 1, 0, true));
    }
}
