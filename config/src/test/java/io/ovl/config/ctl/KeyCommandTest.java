package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;

class KeyCommandTest {
    // As wg pubkey answers.
    private static final String PRIVATE_KEY = "SEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEg=";
    private static final String PUBLIC_KEY = "kXeyMnjL8PPRfDbyrMm1XpyF+HsiClOG7DcNZj4g4zc=";

    @TempDir Path temporary;

    @Test
    void shouldMakeClampedPrivateKeysThatDiffer() {
        String first = CtlRun.of(temporary, "key", "gen").out();
        String second = CtlRun.of(temporary, "key", "gen").out();
        byte[] key = Base64.getDecoder().decode(first.strip());
        assertThat(key).hasSize(32);
        assertThat(key[0] & 7).isZero();
        assertThat(key[31] & 0xc0).isEqualTo(0x40);
        assertThat(second).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {PRIVATE_KEY, PRIVATE_KEY + "\n", PRIVATE_KEY + "\r\n"})
    void shouldPrintThePublicKeyOfWhatItReads(String input) {
        CtlRun run = CtlRun.of(temporary, Map.of(), input, "key", "pub");
        assertThat(run).isEqualTo(new CtlRun(ExitCode.OK, PUBLIC_KEY + "\n", ""));
    }

    @ParameterizedTest
    @CsvSource({"gen, privateKey", "psk, presharedKey"})
    void shouldPrintNewKeysAsJson(String verb, String name) {
        assertThat(CtlRun.of(temporary, "-j", "key", verb).out())
                .matches("\\{\"v\":1,\"" + name + "\":\"[A-Za-z0-9+/]{43}=\"}\n");
    }

    @Test
    void shouldPrintThePublicKeyAsJson() {
        assertThat(CtlRun.of(temporary, Map.of(), PRIVATE_KEY, "key", "pub", "-j").out())
                .isEqualTo("{\"v\":1,\"publicKey\":\"" + PUBLIC_KEY + "\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "x",
                "SEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEg",
                PRIVATE_KEY + "x",
                PRIVATE_KEY + "\n" + PRIVATE_KEY
            })
    void shouldFailOnWhatIsNoKeyWithoutRepeatingIt(String input) {
        CtlRun run = CtlRun.of(temporary, Map.of(), input, "key", "pub");
        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("does not hold a key").doesNotContain("SEhI");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gen", "psk"})
    void shouldMakeAFileThatOnlyItsOwnerReadsAndNeverOverwriteIt(String verb) throws IOException {
        Path file = temporary.resolve("key");
        CtlRun run = CtlRun.of(temporary, "key", verb, "-o", file.toString());
        assertThat(run).isEqualTo(new CtlRun(ExitCode.OK, "", ""));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String key = Files.readString(file);
        assertThat(Base64.getDecoder().decode(key.strip())).hasSize(32);

        assertThat(CtlRun.of(temporary, "key", verb, "-o", file.toString()).exit())
                .isEqualTo(ExitCode.CONFLICT);
        assertThat(file).hasContent(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key pub " + PRIVATE_KEY,
                "key gen " + PRIVATE_KEY,
                "peers add " + PUBLIC_KEY + " --preshared-key " + PRIVATE_KEY,
                "peers add " + PUBLIC_KEY + " --preshared-key=" + PRIVATE_KEY,
                "peers set x --preshared-key-file " + PRIVATE_KEY,
                "peers set x --private-key " + PRIVATE_KEY
            })
    void shouldRefuseAKeyAsAnArgumentWithoutRepeatingIt(String args) {
        CtlRun run = CtlRun.of(temporary, args.split(" "));
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("a key is never an argument").doesNotContain(PRIVATE_KEY);
    }
}
