package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class SecretValueTest {
    private final Problems problems = new Problems("test");
    private final List<String> wiped = new ArrayList<>();
    private final SecretValue<String> secret =
            new SecretValue<>(
                    (text, offset, length) ->
                            new String(text, offset, length, StandardCharsets.UTF_8),
                    wiped::add,
                    new ParseContext(problems, SecretFiles.refusingExposed(), Path.of(""), null));

    private ConfigValue value(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ConfigLine line = new ConfigLine(bytes, 1, 0, bytes.length);
        return new ConfigValue(line, 0, bytes.length, "[Interface]", "PrivateKey", problems);
    }

    @Test
    void shouldWipeTheKeyThatAnotherReplaces() {
        secret.setHere(value("first"));
        secret.setHere(value("second"));
        assertThat(wiped).containsExactly("first");
        secret.wipe();
        assertThat(wiped).containsExactly("first", "second");
    }
}
