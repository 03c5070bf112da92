package io.ovl.config.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.Random;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::1, 2001:db8::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "0001::000a, 1::a",
        "::192.0.2.1, ::c000:201",
        "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
        "::ffff:192.0.2.1, 192.0.2.1",
        "ff02::fb, ff02::fb",
    })
    void shouldParseLiteralAddresses(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "1.2.3.-4",
                "1..2.3",
                "a.b.c.d",
                "1.2.3.4\n",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1::",
                "1:::2",
                "12345::",
                "g::",
                "::1%1",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:",
                "::\u0661",
                "\u0661.1.1.1",
                "localhost",
                "[::1]",
            })
    void shouldRefuseEverythingElse(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Test
    void shouldAgreeWithTheJdkOnRandomAddresses() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int hole = random.nextInt(bytes.length);
                    hole < bytes.length && random.nextInt(6) > 0;
                    hole++) {
                bytes[hole] = 0;
            }
            IpAddress address = IpAddress.of(bytes);
            assertThat(address.bytes()).isEqualTo(bytes);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            InetAddress jdk = InetAddress.ofLiteral(address.toString());
            assertThat(jdk.getAddress()).isEqualTo(bytes);
            assertThat(IpAddress.parse(jdk.getHostAddress())).isEqualTo(address);
        }
    }

    @Test
    void shouldSurviveMutatedText() {
        Random random = new Random(11);
        String alphabet = "0123456789abcdefABCDEF:.%/[]xg ";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text =
                    new StringBuilder(random.nextBoolean() ? "1:2::3:4:1.2.3.4" : "192.0.2.1");
            for (int edit = random.nextInt(4); edit >= 0; edit--) {
                text.setCharAt(
                        random.nextInt(text.length()),
                        alphabet.charAt(random.nextInt(alphabet.length())));
            }
            IpAddress address = IpAddress.parse(text.toString());
            if (address != null) {
                assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            }
        }
    }
}
