package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A daemon warms up once it serves, takes nothing for it that it does not give back, and goes without where there is no
 * loopback address.
 */
@NetnsTest
@OvlOnly
final class WarmUpIT {
    private static final long LIMIT_MS = 120_000;

    @Test
    void shouldWarmUpAndLeaveNothingBehind() {
        try (Lab lab = new Lab()) {
            ConfiguredHost a = new ConfiguredHost(lab, "a", "OVL_WARM_UP=on", "LOG_LEVEL=verbose");
            a.start("ListenPort = 51820\n");
            assertThat(Eventually.within(LIMIT_MS, () -> a.log().contains(": warmed up, ")))
                    .as(a.log())
                    .isTrue();
            assertThat(a.host.run("ss", "-Hlun").lines()).allMatch(line -> line.contains(":51820"));
            a.stop();
        }
    }

    @Test
    void shouldEndAtOnceWhileItWarmsUp() {
        try (Lab lab = new Lab()) {
            ConfiguredHost a = new ConfiguredHost(lab, "a", "OVL_WARM_UP=on", "LOG_LEVEL=verbose");
            a.start("");
            a.stop();
            assertThat(a.log()).contains("stopping: signal");
        }
    }

    @Test
    void shouldServeWithoutALoopbackAddress() {
        try (Lab lab = new Lab()) {
            ConfiguredHost a = new ConfiguredHost(lab, "a", "OVL_WARM_UP=on", "LOG_LEVEL=verbose");
            a.host.ip("link set lo down");
            a.start("ListenPort = 51820\n");
            String outcome = "not warmed up: nothing comes back from the loopback address";
            assertThat(Eventually.within(LIMIT_MS, () -> a.log().contains(outcome)))
                    .as(a.log())
                    .isTrue();
            assertThat(a.ask("status", a.name)).contains(a.name);
        }
    }
}
