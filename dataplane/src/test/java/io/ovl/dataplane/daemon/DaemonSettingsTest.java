package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

class DaemonSettingsTest {
    @Test
    void shouldHaveOneWorkerThatWarmsUpAndSleepsAtOnce() throws DaemonException {
        DaemonSettings settings = DaemonSettings.of(Map.of());
        assertThat(settings.workerCount()).isEqualTo(1);
        assertThat(settings.isWarmingUp()).isTrue();
        assertThat(settings.busyPollNs()).isZero();
    }

    @Test
    void shouldTakeWhatTheEnvironmentSays() throws DaemonException {
        DaemonSettings settings =
                DaemonSettings.of(
                        Map.of(
                                "OVL_WORKERS", "4",
                                "OVL_AEAD", "jdk",
                                "OVL_WARM_UP", "off",
                                "OVL_BUSY_POLL", "50"));
        assertThat(settings.workerCount()).isEqualTo(4);
        assertThat(settings.aeadProvider().name()).isEqualTo("jdk");
        assertThat(settings.isWarmingUp()).isFalse();
        assertThat(settings.busyPollNs()).isEqualTo(50_000);
    }

    @ParameterizedTest
    @CsvSource({
        "OVL_WORKERS, 0, 'OVL_WORKERS is 1 to 64, not 0'",
        "OVL_WORKERS, 65, 'OVL_WORKERS is 1 to 64, not 65'",
        "OVL_WORKERS, two, 'OVL_WORKERS is 1 to 64, not two'",
        "OVL_BUSY_POLL, -1, 'OVL_BUSY_POLL is 0 to 1000000, not -1'",
        "OVL_BUSY_POLL, 50us, 'OVL_BUSY_POLL is 0 to 1000000, not 50us'",
        "OVL_WARM_UP, yes, 'OVL_WARM_UP is on or off, not yes'"
    })
    void shouldSayWhatIsAllowed(String name, String value, String message) {
        assertThatThrownBy(() -> DaemonSettings.of(Map.of(name, value)))
                .isInstanceOf(DaemonException.class)
                .hasMessage(message);
    }
}
