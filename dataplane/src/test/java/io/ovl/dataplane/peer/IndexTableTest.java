package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypair;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

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

    private Session session(int index) {
        AeadKey key = new AeadKey(new byte[32], 0);
        return new Session(peer, new Keypair(key, key, index, 1, 0, true));
    }
}
