package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bulk TCP between two hosts, by iperf3. Each load has a server of its own: one that is asked again at once may still
 * be busy with what was before, and refuse.
 *
 * <p>Thread: any.
 */
final class Iperf {
    private static final AtomicInteger LAST_PORT = new AtomicInteger(20_000);

    private final Host server;

    Iperf(Host server) {
        this.server = server;
    }

    /** Sends 16 MiB to the server, or that much as the options say; returns the client's output. */
    String load(Host client, String address, String... options) {
        String port = Integer.toString(LAST_PORT.incrementAndGet());
        server.start("iperf3", "--server", "--one-off", "--port", port);
        assertThat(
                        Eventually.comesTrue(
                                () -> !server.run("ss", "-Hltn", "sport = " + port).isEmpty()))
                .isTrue();
        List<String> command = new ArrayList<>(List.of("timeout", "150", "iperf3", "--client"));
        command.addAll(List.of(address, "--port", port, "--bytes=16M"));
        command.addAll(List.of(options));
        return client.run(command.toArray(String[]::new));
    }
}
