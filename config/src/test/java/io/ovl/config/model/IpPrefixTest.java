package io.ovl.config.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.1.2.3/8, 10.0.0.0/8",
        "10.1.2.3, 10.1.2.3/32, 10.1.2.3/32",
        "10.1.2.3/0, 10.1.2.3/0, 0.0.0.0/0",
        "fd00::1, fd00::1/128, fd00::1/128",
        "fd00:1:2:3:4::1/64, fd00:1:2:3:4:0:0:1/64, fd00:1:2:3::/64",
        "fd00:1:2:3:ffff::1/65, fd00:1:2:3:ffff::1/65, fd00:1:2:3:8000::/65",
        "ffff:ffff::/1, ffff:ffff::/1, 8000::/1",
        "::1/0, ::1/0, ::/0",
        "::ffff:192.0.2.9/120, 192.0.2.9/24, 192.0.2.0/24",
    })
    void shouldParseAndMask(String text, String canonical, String masked) {
        IpPrefix prefix = Objects.requireNonNull(IpPrefix.parse(text));
        assertThat(prefix).isEqualTo(IpPrefix.parse(canonical));
        assertThat(prefix.masked()).hasToString(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "::/129",
                "10.0.0.0/8/8",
                "10.0.0.0 /8",
                "10.0.0.0/8 ",
                "10.0.0.0/255.0.0.0",
                "::ffff:192.0.2.9/95",
            })
    void shouldRefuseEverythingElse(String text) {
        assertThat(IpPrefix.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "0.0.0.0/0, 11.0.0.1, true",
        "0.0.0.0/0, ::, false",
        "fd00::/9, fd7f::1, true",
        "fd00::/9, fd80::1, false",
        "fd00::1/128, fd00::1, true",
    })
    void shouldTellWhatItContains(String prefix, String address, boolean isWithin) {
        IpAddress parsed = Objects.requireNonNull(IpAddress.parse(address));
        assertThat(Objects.requireNonNull(IpPrefix.parse(prefix)).contains(parsed))
                .isEqualTo(isWithin);
    }
}
