package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the races of {@link FdbTableStress} in JVMs of their own, briefly. */
class FdbTableStressTest {
    /** Two actors, each interpreted and compiled: jcstress runs every race in that many JVMs. */
    private static final int COMPILATIONS = 4;

    /** All that were planned have passed. */
    private static final Pattern RESULT = Pattern.compile("Results: (\\d+) planned; \\1 passed");

    @Test
    void shouldShowNoReaderWhatWasNeverThere(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath(),
                                "org.openjdk.jcstress.Main",
                                "-t",
                                FdbTableStress.class.getName(),
                                "-m",
                                "quick",
                                "-iters",
                                "1",
                                "-time",
                                "500",
                                "-sc",
                                "false",
                                "-r",
                                folder.resolve("report").toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        int status = process.waitFor();

        assertThat(status).as(() -> text(log)).isZero();
        int races = FdbTableStress.class.getDeclaredClasses().length;
        Matcher result = RESULT.matcher(text(log));
        assertThat(result.find()).as(() -> text(log)).isTrue();
        assertThat(Integer.parseInt(result.group(1))).isPositive().isEqualTo(races * COMPILATIONS);
    }

    /** Surefire's own class path is a jar that names the real one. */
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
