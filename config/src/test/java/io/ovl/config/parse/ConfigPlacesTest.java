package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.Setting;
import io.ovl.crypto.key.NoisePublicKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

class ConfigPlacesTest {
    private static final String PEER = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String OTHER_PEER = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    @TempDir Path temporary;
    private final ConfigPlaces places = new ConfigPlaces();
    private Path file = Path.of("");

    @BeforeEach
    void parse() throws IOException, BadConfigException {
        file =
                Files.writeString(
                        temporary.resolve("site.conf"),
                        """
                        [Interface]
                          listenport = 4444
                        Address = 10.0.0.1/24
                        Address = fd00::1/64
                        [Segment lan]
                        VNI = 10
                        Port = tap:lan0
                        [Segment lab]
                        VNI = 20
                        Port = tap:lab0 bridge=br0
                        [Peer]
                        PublicKey = %s
                        [Peer]
                        PublicKey = %s
                        AllowedIPs = 10.0.0.2/32
                        Segments = lab
                        Vtep = 10.0.0.2
                        """
                                .formatted(OTHER_PEER, PEER));
        ConfigParser.parse(file, SecretFiles.refusingExposed(), places).close();
    }

    @Test
    void shouldKnowWhereASettingStands() {
        NoisePublicKey key = Objects.requireNonNull(NoisePublicKey.parse(PEER));
        assertThat(location(Setting.ofInterface("ListenPort"))).isEqualTo(file + ":2:16");
        assertThat(location(Setting.ofSegment("lab", "Port"))).isEqualTo(file + ":10:8");
        assertThat(location(Setting.ofPeer(key, "Vtep"))).isEqualTo(file + ":17:8");
    }

    @Test
    void shouldNameTheSectionOfASettingThatStandsNowhereOrInSeveralPlaces() {
        assertThat(location(Setting.ofSegment("lan", "MTU"))).isEqualTo(file + ":5:1");
        assertThat(location(Setting.ofInterface("Address"))).isEqualTo(file + ":1:1");
        assertThat(location(Setting.ofSegment("gone", "MTU"))).isEqualTo(file.toString());
    }

    @Test
    void shouldSayItAsEverythingElseThatIsWrongWithAFile() {
        assertThat(places.refusal(Setting.ofSegment("lab", "Port"), "no such bridge"))
                .hasToString(
                        "error[E224] "
                                + file
                                + ":10:8: Port: no such bridge\n"
                                + "  The file itself is valid: it asks for what this host does not"
                                + " grant now.");
    }

    private String location(Setting setting) {
        return places.refusal(setting, "").location();
    }
}
