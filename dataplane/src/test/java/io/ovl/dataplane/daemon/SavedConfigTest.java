package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.UdpAddress;
import io.ovl.config.parse.BadConfigException;
import io.ovl.config.parse.ConfigParser;
import io.ovl.config.parse.ConfigPrinter;
import io.ovl.config.parse.SecretFiles;
import io.ovl.crypto.key.NoisePublicKey;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

class SavedConfigTest {
    private static final String PEER = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    @Test
    void shouldSaveWhereAPeerWasLastHeardFrom() throws BadConfigException {
        assertThat(saved("192.0.2.2:51820")).contains("Endpoint = 192.0.2.2:51820\n");
    }

    @Test
    void shouldLeaveOutAnEndpointThatTheFileWouldBeRefusedFor() throws BadConfigException {
        String text = saved("192.0.2.2:0");
        assertThat(text).contains("PublicKey = " + PEER).doesNotContain("Endpoint");
    }

    /** What is saved of a peer that was heard from there; a file that can be read again. */
    private static String saved(String endpoint) throws BadConfigException {
        NoisePublicKey key = Objects.requireNonNull(NoisePublicKey.parse(PEER));
        PeerState peer =
                new PeerState(
                        key,
                        null,
                        null,
                        Objects.requireNonNull(UdpAddress.parse(endpoint)),
                        null,
                        null,
                        0,
                        0,
                        0,
                        List.of());
        try (OvlConfig file = parse("[Interface]\nSaveConfig = true\n");
                OvlConfig config =
                        SavedConfig.of(
                                file,
                                new DeviceState(null, 51_820, 0, List.of(peer)),
                                List.of(),
                                publicKey -> new PeerSegments(publicKey, List.of(), null))) {
            String text = ConfigPrinter.print(config);
            parse(text).close();
            return text;
        }
    }

    private static OvlConfig parse(String text) throws BadConfigException {
        return ConfigParser.parse(
                text.getBytes(StandardCharsets.UTF_8),
                "saved",
                Path.of(""),
                SecretFiles.refusingExposed());
    }
}
