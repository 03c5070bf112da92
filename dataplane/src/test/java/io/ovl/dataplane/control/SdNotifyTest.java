package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SdNotifyTest {
    // Says "bound", then each datagram on a line of its own, line feeds within it as "|".
    private static final String RECEIVER =
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            name = sys.argv[1]
            s.bind('\\0' + name[1:] if name[0] == '@' else name)
            print('bound', flush=True)
            while True:
                print(s.recv(4096).decode().replace('\\n', '|'), flush=True)
            """;

    @TempDir Path temporary;

    @Test
    void shouldSendEachStateToAPath() throws Exception {
        shouldSendEachStateTo(temporary.resolve("notify").toString());
    }

    @Test
    void shouldSendEachStateToAnAbstractName() throws Exception {
        shouldSendEachStateTo("@ovl-test-" + ProcessHandle.current().pid());
    }

    @Test
    void shouldDoNothingWithoutAServiceManager() {
        SdNotify notify = SdNotify.of(Map.of("WATCHDOG_USEC", "1000000"), 1);
        notify.ready("up");
        assertThat(notify.watchdogPeriodNs()).isZero();
    }

    @Test
    void shouldNotMindAServiceManagerThatHasGone() {
        SdNotify notify =
                SdNotify.of(Map.of("NOTIFY_SOCKET", temporary.resolve("gone").toString()), 1);
        assertThatCode(notify::watchdog).doesNotThrowAnyException();
    }

    @Test
    void shouldIgnoreASocketItCannotName() {
        for (String socket :
                new String[] {"", "/", "relative", "vsock:1:2", "/" + "x".repeat(200)}) {
            assertThatCode(() -> SdNotify.of(Map.of("NOTIFY_SOCKET", socket), 1).stopping())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void shouldReportTwiceInEachWatchdogIntervalIfItIsTheOneWatched() {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "42");
        assertThat(SdNotify.of(environment, 42).watchdogPeriodNs()).isEqualTo(15_000_000_000L);
        assertThat(SdNotify.of(environment, 43).watchdogPeriodNs()).isZero();
    }

    private void shouldSendEachStateTo(String socket) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/python3")) || System.getenv("CI") != null,
                "python3 receives");
        Process receiver =
                new ProcessBuilder("python3", "-c", RECEIVER, socket)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines = receiver.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("bound");
            SdNotify notify = SdNotify.of(Map.of("NOTIFY_SOCKET", socket), 1);
            notify.ready("2 peers\nREADY=0");
            notify.watchdog();
            notify.reloading(5_000_000);
            notify.status("busy");
            notify.stopping();
            assertThat(lines.readLine()).isEqualTo("READY=1|STATUS=2 peers READY=0|");
            assertThat(lines.readLine()).isEqualTo("WATCHDOG=1|");
            assertThat(lines.readLine()).isEqualTo("RELOADING=1|MONOTONIC_USEC=5000|");
            assertThat(lines.readLine()).isEqualTo("STATUS=busy|");
            assertThat(lines.readLine()).isEqualTo("STOPPING=1|");
        } finally {
            receiver.destroyForcibly();
        }
    }
}
