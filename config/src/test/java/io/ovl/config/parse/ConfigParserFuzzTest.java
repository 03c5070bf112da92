package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.Mutations;
import io.ovl.config.model.OvlConfig;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Damaged configuration files are read or refused, never anything else, and what was read can be written and read
 * again.
 */
class ConfigParserFuzzTest {
    private static final Path CORPUS = Path.of("src/test/resources");
    private static final Path NOWHERE = Path.of("/nonexistent");
    private static final int FILES = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadOrRefuseDamagedFiles(long seed) throws IOException {
        Mutations mutations = new Mutations(corpus(), seed);
        int readable = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] text = mutations.next();
            try {
                readable += isReadable(text) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + ", file "
                                + i
                                + ":\n"
                                + new String(text, StandardCharsets.UTF_8),
                        e);
            }
        }
        assertThat(readable).as("readable files").isBetween(FILES / 100, FILES * 99 / 100);
    }

    private static boolean isReadable(byte[] text) {
        try (OvlConfig config = parse(text)) {
            byte[] printed = ConfigPrinter.printWithSecrets(config);
            try (OvlConfig again = parse(printed)) {
                assertThat(ConfigPrinter.printWithSecrets(again)).isEqualTo(printed);
            } catch (BadConfigException e) {
                throw new AssertionError("refused what was written", e);
            }
            return true;
        } catch (BadConfigException e) {
            assertThat(e.problems()).isNotEmpty();
            return false;
        }
    }

    private static OvlConfig parse(byte[] text) throws BadConfigException {
        return ConfigParser.parse(text, "damaged", NOWHERE, SecretFiles.refusingExposed());
    }

    private static List<byte[]> corpus() throws IOException {
        List<byte[]> texts = new ArrayList<>();
        for (String folder : List.of("good", "bad")) {
            try (Stream<Path> files = Files.list(CORPUS.resolve(folder))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".conf")).sorted().toList()) {
                    texts.add(Files.readAllBytes(file));
                }
            }
        }
        return texts;
    }
}
