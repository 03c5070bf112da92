package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Every file of {@code bad/} is refused for the reason in its name, with exactly the text beside it. */
class BadConfigCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/bad");
    private static final String PRIVATE_KEY_PART = "TF+lXXJte14tji3z";

    /** Those that need a file with other permissions, or no file at all: see {@link SecretFilesTest}. */
    private static final Set<BadConfigReason> TESTED_ELSEWHERE =
            EnumSet.of(
                    BadConfigReason.UNREADABLE_FILE,
                    BadConfigReason.EXPOSED_SECRET,
                    BadConfigReason.NOT_CARRIED_OUT);

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldRefuseWithTheExpectedText(Path file) throws IOException {
        BadConfigException e = parse(file);
        String expected =
                Files.readString(
                        CORPUS.resolve(file.getFileName().toString().replace(".conf", ".txt")));
        assertThat(e.getMessage() + "\n").isEqualTo(expected);
        assertThat(e.problems()).extracting(ConfigProblem::reason).contains(reasonOf(file));
        assertThat(e.getMessage()).doesNotContain(PRIVATE_KEY_PART);
    }

    @Test
    void shouldHaveAFileForEveryReason() throws IOException {
        assertThat(files().stream().map(BadConfigCorpusTest::reasonOf))
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.complementOf(EnumSet.copyOf(TESTED_ELSEWHERE)));
    }

    private static BadConfigReason reasonOf(Path file) {
        String name = file.getFileName().toString().replace(".conf", "").replace('-', '_');
        return BadConfigReason.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static BadConfigException parse(Path file) throws IOException {
        // As text, so that neither the checkout's path nor its permissions matter.
        byte[] text = Files.readAllBytes(file);
        return catchThrowableOfType(
                BadConfigException.class,
                () ->
                        ConfigParser.parse(
                                text,
                                file.getFileName().toString(),
                                Path.of("/nonexistent"),
                                SecretFiles.refusingExposed()));
    }
}
