package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

class DeadlineQueueTest {
    private final DeadlineQueue queue = new DeadlineQueue();

    @Test
    void shouldHaveNoDeadlineAtFirst() {
        assertThat(queue.nextNs()).isEqualTo(DeadlineQueue.NONE);
        assertThat(queue.pollDue(Long.MAX_VALUE)).isEqualTo(-1);
    }

    @Test
    void shouldGiveDueIdsInOrderOfTheirDeadlines() {
        queue.set(3, 30);
        queue.set(1, 10);
        queue.set(2, 20);
        assertThat(queue.nextNs()).isEqualTo(10);
        assertThat(queue.pollDue(20)).isEqualTo(1);
        assertThat(queue.pollDue(20)).isEqualTo(2);
        assertThat(queue.pollDue(20)).isEqualTo(-1);
        assertThat(queue.nextNs()).isEqualTo(30);
    }

    @Test
    void shouldReplaceTheDeadlineOfAnId() {
        queue.set(1, 10);
        queue.set(2, 20);
        queue.set(1, 30);
        assertThat(queue.pollDue(100)).isEqualTo(2);
        assertThat(queue.pollDue(100)).isEqualTo(1);
    }

    @Test
    void shouldForgetARemovedDeadline() {
        queue.set(1, 10);
        queue.set(1, DeadlineQueue.NONE);
        assertThat(queue.nextNs()).isEqualTo(DeadlineQueue.NONE);
    }

    @Test
    void shouldAgreeWithAMapUnderRandomOperations() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Integer, Long> model = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            int id = random.nextInt(200);
            if (random.nextInt(10) == 0) {
                queue.set(id, DeadlineQueue.NONE);
                model.remove(id);
            } else if (random.nextInt(4) == 0) {
                long now = random.nextLong(1000);
                int due = queue.pollDue(now);
                long earliest =
                        model.values().stream()
                                .mapToLong(Long::longValue)
                                .min()
                                .orElse(Long.MAX_VALUE);
                if (earliest > now) {
                    assertThat(due).isEqualTo(-1);
                } else {
                    assertThat(model.remove(due)).isEqualTo(earliest);
                }
            } else {
                long deadline = random.nextLong(1000);
                queue.set(id, deadline);
                model.put(id, deadline);
            }
        }
    }
}
