package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

class QuantitiesTest {
    private static final SgrText PLAIN = new SgrText(false);

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "1048575, 1024.00 KiB",
        "1048576, 1.00 MiB",
        "9223372036854775807, 8388608.00 TiB"
    })
    void shouldSayBytesInTheLargestUnit(long count, String text) {
        assertThat(Quantities.bytes(count, PLAIN)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1 second",
                "60 | 1 minute",
                "3601 | 1 hour, 1 second",
                "31622400 | 1 year, 1 day"
            })
    void shouldSaySecondsInAllUnits(long seconds, String text) {
        assertThat(Quantities.seconds(seconds, PLAIN)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m", "7199, 1h", "86400, 1d", "31536000, 1y"})
    void shouldSayAnAgeInOneUnit(long seconds, String text) {
        assertThat(Quantities.age(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "5s, 5000", "5, 5000", "2m, 120000"})
    void shouldReadDurations(String text, long milliseconds) {
        assertThat(new DurationConverter().convert(text).toMillis()).isEqualTo(milliseconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "5h", "5 s", "99999999999s"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class);
    }
}
