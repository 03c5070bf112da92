package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that hold what a program should print; {@code -Dovl.golden=write} writes them anew, to be read before
 * committing.
 */
final class Golden {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private Golden() {}

    static void assertSame(String name, String actual) throws IOException {
        Path file = RESOURCES.resolve(name);
        if ("write".equals(System.getProperty("ovl.golden"))) {
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(file));
    }
}
