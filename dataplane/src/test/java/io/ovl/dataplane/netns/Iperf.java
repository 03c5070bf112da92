package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * Bulk TCP between two hosts, by iperf3.
 *
 * <p>Thread: any.
 */
final class Iperf {
    private final Host server;
    private final String port;

    private Iperf(Host server, int port) {
        this.server = server;
        this.port = Integer.toString(port);
    }

    /** Starts a server, which listens on return and ends with its host. */
    static Iperf serve(Host server, int port) {
        Iperf iperf = new Iperf(server, port);
        server.start("iperf3", "-s", "-p", iperf.port);
        assertThat(Eventually.comesTrue(iperf::isListening)).isTrue();
        return iperf;
    }

    private boolean isListening() {
        return !server.run("ss", "-Hltn", "sport = " + port).isEmpty();
    }

    /** Sends 16 MiB to the server, or that much as the options say; returns the client's output. */
    String load(Host client, String address, String... options) {
        List<String> command = new ArrayList<>(List.of("timeout", "50", "iperf3", "--client"));
        command.addAll(List.of(address, "--port", port, "--bytes=16M"));
        command.addAll(List.of(options));
        return client.run(command.toArray(String[]::new));
    }
}
