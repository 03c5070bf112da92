package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.OvlConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the README prints as a configuration is one, its comments included; only keys are put in. */
class ReadmeExampleTest {
    private static final Pattern EXAMPLE = Pattern.compile("```ini\n(.*?)```", Pattern.DOTALL);
    private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    @TempDir Path temporary;

    @Test
    void shouldParseAsItIsPrinted() throws IOException, BadConfigException {
        Matcher readme = EXAMPLE.matcher(Files.readString(Path.of("../README.md")));
        assertThat(readme.find()).isTrue();
        Files.writeString(temporary.resolve("site-a.key"), KEY + "\n");
        String text = readme.group(1).replace("PublicKey = ...", "PublicKey = " + KEY);
        try (OvlConfig config =
                ConfigParser.parse(
                        text.getBytes(StandardCharsets.UTF_8),
                        "README.md",
                        temporary,
                        SecretFiles.warningOfExposed(_ -> {}))) {
            assertThat(config.segments()).hasSize(1);
            assertThat(config.segments().getFirst().port()).hasToString("tap:ovl-lan bridge=br0");
            assertThat(config.peers().getFirst().segments()).containsExactly("lan");
            assertThat(config.peers().getFirst().endpoint()).hasToString("198.51.100.2:51820");
        }
        assertThat(readme.find()).as("another example").isFalse();
    }
}
