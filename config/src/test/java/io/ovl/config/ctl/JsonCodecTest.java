package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class JsonCodecTest {
    private static final String SECRET = "SEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEg=";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":[1,-2,true,false,null,1.5,\"x\\n\\u0000é\",{\"b\":[]}]}",
                "{\"n\":9223372036854775807,\"presharedKey\":\"" + SECRET + "\"}"
            })
    void shouldWriteWhatItRead(String text) throws IOException {
        assertThat(new String(JsonCodec.write(read(text)), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void shouldNeverMakeAStringOfASecret() throws IOException {
        Map<String, @Nullable Object> object =
                read("{\"presharedKey\":\"" + SECRET + "\",\"privateKey\":\"" + SECRET + "\"}");
        assertThat(object.values())
                .allSatisfy(value -> assertThat(value).isInstanceOf(byte[].class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"" + SECRET + "\"",
                "{",
                "{\"a\"",
                "{\"a\":" + SECRET + "}",
                "{\"a\":[1,}",
                "{\"a\":1}{}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":99999999999999999999}",
                "{\"presharedKey\":\"!" + SECRET + "\"}",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}"
            })
    void shouldRefuseWhatIsNoObjectWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("SEhI"));
    }

    @Test
    void shouldRefuseMembersOfTheWrongTypeOrUnknown() throws IOException {
        JsonObject object =
                new JsonObject(
                        read("{\"text\":1,\"number\":70000,\"flag\":\"true\",\"list\":[1]}"));
        assertThatThrownBy(() -> object.text("text"))
                .hasMessage("\"text\" must be a string, not 1");
        assertThatThrownBy(() -> object.number("number", 0, 65_535))
                .hasMessage("\"number\" must be a number from 0 to 65535, not 70000");
        assertThatThrownBy(() -> object.flag("flag")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> object.texts("list")).hasMessageContaining("array of strings");
        assertThatThrownBy(() -> object.objects("list")).hasMessageContaining("object");
        assertThatThrownBy(() -> object.requiredText("none")).hasMessageContaining("given");
        assertThatThrownBy(() -> new JsonObject(read("{\"x\":1}")).rejectUnread())
                .hasMessage("unknown parameter \"x\"");
    }

    private static Map<String, @Nullable Object> read(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return JsonCodec.read(bytes, 0, bytes.length);
    }
}
