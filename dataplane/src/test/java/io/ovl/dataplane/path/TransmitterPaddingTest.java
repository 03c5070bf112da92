package io.ovl.dataplane.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransmitterPaddingTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1420, 0",
        "1, 1420, 16",
        "16, 1420, 16",
        "17, 1420, 32",
        "1408, 1420, 1408",
        "1409, 1420, 1420",
        "1419, 1420, 1420",
        "1420, 1420, 1420",
        "1421, 1420, 1436",
        "2840, 1420, 2840",
        "100, 0, 100"
    })
    void shouldPadToSixteenButNeverAboveTheMtu(int length, int mtu, int padded) {
        assertThat(Transmitter.paddedLength(length, mtu)).isEqualTo(padded);
    }
}
