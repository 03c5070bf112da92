package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ReloadAndCheckTest {
    private static final String GOOD = "[Interface]\n[Segment lan]\nVNI = 10\nPort = tap:lan0\n";

    @TempDir Path temporary;

    private Path config(String name, String text) throws IOException {
        return Files.writeString(temporary.resolve(name), text);
    }

    private CtlRun run(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return CtlRun.of(temporary, texts);
    }

    @Test
    void shouldSayNothingAboutAFileThatIsGood() throws IOException {
        CtlRun run = run("check", config("a.conf", GOOD));
        assertThat(run).isEqualTo(new CtlRun(ExitCode.OK, "", ""));
    }

    @Test
    void shouldSayWhereEachFileIsWrong() throws IOException {
        Path a = config("a.conf", GOOD.replace("10", "16777216"));
        Path b = config("b.conf", GOOD.replace("tap:lan0", "tun:lan0") + "Ageing = soon\n");
        CtlRun run = run("check", a, b);
        assertThat(run.exit()).isEqualTo(ExitCode.INVALID_CONFIG);
        assertThat(run.err()).contains(a + ":3:7: VNI", b + ":4:8: Port", b + ":5:10: Ageing");
        assertThat(run("check", temporary.resolve("c.conf")).exit())
                .isEqualTo(ExitCode.INVALID_CONFIG);
        CtlRun json = run("-j", "check", a);
        assertThat(json.exit()).isEqualTo(ExitCode.INVALID_CONFIG);
        assertThat(json.out())
                .startsWith(
                        "{\"v\":1,\"problems\":[{\"file\":\"" + a + "\",\"line\":3,\"column\":7,")
                .contains("\"key\":\"VNI\"");
    }

    @Test
    void shouldWarnOfASegmentInTheClearThatReachesNobody() throws IOException {
        Path file = config("a.conf", GOOD + "Encap = vxlan\n");
        CtlRun run = run("check", file);
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).startsWith("warning: " + file + ": [Segment lan] has neither Remote");
        assertThat(run("-j", "check", file).out()).contains("\"problems\":[],\"warnings\":[{");
        for (String cure : new String[] {"Remote = 192.0.2.2", "Open = yes"}) {
            Path good = config("b.conf", GOOD + "Encap = vxlan\n" + cure + "\n");
            assertThat(run("check", good)).isEqualTo(new CtlRun(ExitCode.OK, "", ""));
        }
    }

    @Test
    void shouldPassOnWhyAReloadWasRefused() throws IOException {
        String error =
                "{\"exit\":6,\"code\":\"reload-refused\",\"message\":\"error[E1] a.conf:3:7: x\"}";
        try (FakeDaemon daemon =
                new FakeDaemon(
                        temporary.resolve("ovl0.sock"),
                        _ -> "{\"v\":1,\"id\":1,\"error\":" + error + "}")) {
            CtlRun run = run("reload", "ovl0");
            assertThat(run.exit()).isEqualTo(ExitCode.INVALID_CONFIG);
            assertThat(run.err()).isEqualTo("error[E1] a.conf:3:7: x\n");
            assertThat(daemon.requests).singleElement().asString().contains("\"reload\"");
        }
    }
}
