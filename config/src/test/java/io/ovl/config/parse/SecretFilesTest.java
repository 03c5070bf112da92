package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ovl.config.model.OvlConfig;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class SecretFilesTest {
    private static final String KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PUBLIC_KEY = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";

    @TempDir private Path directory;
    private Path config = Path.of("");
    private Path key = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        config = directory.resolve("site-a.conf");
        key = directory.resolve("site-a.key");
        write(config, "[Interface]\nPrivateKeyFile = site-a.key\n", "rw-r--r--");
        write(key, KEY + "\n", "rw-------");
    }

    private static void write(Path file, String text, String mode) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String publicKey(OvlConfig parsed) {
        return Objects.requireNonNull(parsed.interfaceSection().privateKey()).publicKey().base64();
    }

    private BadConfigException refusal(SecretFiles secretFiles) {
        return catchThrowableOfType(
                BadConfigException.class, () -> ConfigParser.parse(config, secretFiles));
    }

    @Test
    void shouldReadAKeyFileBesideTheConfiguration() throws Exception {
        try (OvlConfig parsed = ConfigParser.parse(config, SecretFiles.refusingExposed())) {
            assertThat(publicKey(parsed)).isEqualTo(PUBLIC_KEY);
            assertThat(parsed.interfaceSection().privateKeyFile()).isEqualTo("site-a.key");
            assertThat(ConfigPrinter.print(parsed)).contains("PrivateKeyFile = site-a.key\n");
            assertThat(ConfigPrinter.printWithSecrets(parsed)).asString().doesNotContain(KEY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-"})
    void shouldRefuseAKeyFileThatOthersMayRead(String mode) throws IOException {
        write(key, KEY, mode);
        ConfigProblem problem = refusal(SecretFiles.refusingExposed()).problems().getFirst();
        assertThat(problem.reason()).isEqualTo(BadConfigReason.EXPOSED_SECRET);
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.allowed()).contains("chmod 600 " + key);
    }

    @Test
    void shouldOnlyWarnWhenToldTo() throws Exception {
        write(key, KEY, "rw-r--r--");
        List<ConfigProblem> warnings = new ArrayList<>();
        OvlConfig parsed = ConfigParser.parse(config, SecretFiles.warningOfExposed(warnings::add));
        assertThat(publicKey(parsed)).isEqualTo(PUBLIC_KEY);
        assertThat(warnings)
                .extracting(ConfigProblem::reason)
                .containsExactly(BadConfigReason.EXPOSED_SECRET);
        parsed.close();
    }

    @Test
    void shouldRefuseAConfigurationWithASecretThatOthersMayRead() throws Exception {
        write(config, "[Interface]\nPrivateKey = " + KEY + "\n", "rw-r--r--");
        BadConfigException e = refusal(SecretFiles.refusingExposed());
        assertThat(e.problems())
                .extracting(ConfigProblem::reason)
                .containsExactly(BadConfigReason.EXPOSED_SECRET);
        assertThat(e.getMessage()).doesNotContain(KEY.substring(4, 16));
        write(config, "[Interface]\nPrivateKey = " + KEY + "\n", "rw-------");
        ConfigParser.parse(config, SecretFiles.refusingExposed()).close();
    }

    @Test
    void shouldReadASystemdCredential() throws Exception {
        Path credentials = Files.createDirectory(directory.resolve("credentials"));
        // The access list that gives a service its credential shows as bits of the group.
        write(credentials.resolve("site-a.key"), KEY, "r--r-----");
        write(config, "[Interface]\nPrivateKey = @site-a.key\n", "rw-r--r--");
        try (OvlConfig parsed =
                ConfigParser.parse(
                        config, SecretFiles.refusingExposed().withCredentials(credentials))) {
            assertThat(publicKey(parsed)).isEqualTo(PUBLIC_KEY);
            assertThat(ConfigPrinter.print(parsed)).contains("PrivateKey = @site-a.key\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"@../site-a.key", "@", "@.", "@..", "@/etc/passwd"})
    void shouldNotLookForCredentialsElsewhere(String reference) throws IOException {
        write(config, "[Interface]\nPrivateKey = " + reference + "\n", "rw-r--r--");
        BadConfigException e =
                refusal(SecretFiles.refusingExposed().withCredentials(directory.resolve("c")));
        assertThat(e.problems())
                .extracting(ConfigProblem::reason)
                .containsExactly(BadConfigReason.UNREADABLE_KEY_FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=x"})
    void shouldRefuseAFileThatHoldsNoKey(String text) throws IOException {
        write(key, text, "rw-------");
        BadConfigException e = refusal(SecretFiles.refusingExposed());
        assertThat(e.problems())
                .extracting(ConfigProblem::reason)
                .containsExactly(BadConfigReason.INVALID_KEY);
    }

    @Test
    void shouldRefuseAKeyThatMoreFollowsFarBehind() throws IOException {
        write(key, KEY + " ".repeat(256 - KEY.length()), "rw-------");
        assertThatCode(() -> ConfigParser.parse(config, SecretFiles.refusingExposed()).close())
                .doesNotThrowAnyException();
        write(key, KEY + " ".repeat(256 - KEY.length()) + KEY, "rw-------");
        ConfigProblem problem = refusal(SecretFiles.refusingExposed()).problems().getFirst();
        assertThat(problem.reason()).isEqualTo(BadConfigReason.INVALID_KEY);
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.found()).isEqualTo(key + " is longer than 256 bytes");
    }

    @Test
    void shouldRefuseAFileThatIsMissingOrADirectory() {
        config = directory.resolve("missing.conf");
        assertThat(refusal(SecretFiles.refusingExposed()))
                .hasMessage(
                        "error[E200] %s: cannot be read (no such file)\n"
                                + "  Check the path and its permissions.",
                        config);
        config = directory;
        assertThat(refusal(SecretFiles.refusingExposed()).problems())
                .extracting(ConfigProblem::reason)
                .containsExactly(BadConfigReason.UNREADABLE_FILE);
    }
}
