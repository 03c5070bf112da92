package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;

/** The golden files are what wg of wireguard-tools 1.0.20210914 prints of the same device. */
class WgTextTest {
    private final DeviceReport device = Reports.device("ovl0", Reports.NOW);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void shouldPrintWhatWgPrintsInColour() throws IOException {
        text(true, true).print(device);
        Golden.assertSame("wg/show-color.txt", printed());
    }

    @Test
    void shouldPrintWhatWgPrintsWithoutColour() throws IOException {
        text(false, true).print(device);
        Golden.assertSame("wg/show.txt", printed());
    }

    @Test
    void shouldPrintKeysOnlyWhenToldNotToHideThem() throws IOException {
        text(false, false).print(device);
        Golden.assertSame("wg/show-keys.txt", printed());
        assertThat(printed()).contains("SEhISEhI");
    }

    @ParameterizedTest
    @EnumSource(WgField.class)
    void shouldPrintFieldsAsWgDoes(WgField field) throws IOException {
        field.print(device, false, out);
        field.print(device, true, out);
        Golden.assertSame("wg/" + field.word() + ".txt", printed());
    }

    @Test
    void shouldKnowEachFieldByItsWord() {
        for (WgField field : WgField.values()) {
            assertThat(WgField.parse(field.word())).isEqualTo(field);
        }
        assertThat(WgField.parse("handshakes")).isEqualTo(WgField.LATEST_HANDSHAKES);
        assertThat(WgField.parse("nonsense")).isNull();
    }

    private WgText text(boolean isColored, boolean hidesKeys) {
        Clock clock = Clock.fixed(Reports.NOW, ZoneOffset.UTC);
        return new WgText(out, new SgrText(isColored), hidesKeys, clock);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
