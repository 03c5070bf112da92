package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What is closed later, unless it is wanted again. */
class RetiredResourcesTest {
    private final List<String> events = new ArrayList<>();
    private final WorkerFences fences = new WorkerFences(List.of());
    private final RetiredResources<String, String> retired =
            new RetiredResources<>(fences, resource -> events.add(resource + " closed"));

    @Test
    void shouldCloseBehindTheFence() {
        retired.retire("tap", "device");
        assertThat(events).isEmpty();

        fences.poll();

        assertThat(events).containsExactly("device closed");
        assertThat(retired.reclaim("tap")).isNull();
    }

    @Test
    void shouldNotCloseWhatIsWantedAgain() {
        retired.retire("tap", "device");
        assertThat(retired.reclaim("tap")).isEqualTo("device");

        fences.poll();

        assertThat(events).isEmpty();
    }

    @Test
    void shouldWaitAnewForWhatWasWantedAgainAndGivenUpAgain() {
        retired.retire("tap", "device");
        retired.reclaim("tap");
        // A worker that has passed the first fence may use it once more, until the second.
        fences.after(() -> events.add("used again"));
        retired.retire("tap", "device");

        fences.poll();

        assertThat(events).containsExactly("used again", "device closed");
    }
}
