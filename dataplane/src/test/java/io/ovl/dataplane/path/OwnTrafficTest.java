package io.ovl.dataplane.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.io.LocalAddresses;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

class OwnTrafficTest {
    private static final int OFFSET = 16;
    private static final int PORT = 51820;
    private static final int UDP = 17;
    private static final int TCP = 6;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final LocalAddresses addresses = new LocalAddresses();
    private final OwnTraffic ownTraffic = new OwnTraffic(addresses);

    @BeforeEach
    void listen() {
        addresses.replace(List.of(ip("192.0.2.1"), ip("2001:db8::1"), ip("192.0.2.7")));
        ownTraffic.port(PORT);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 51820, 17, true",
        "192.0.2.7, 51820, 17, true",
        "192.0.2.1, 51821, 17, false",
        "192.0.2.2, 51820, 17, false",
        "192.0.2.1, 51820, 6, false",
        "2001:db8::1, 51820, 17, true",
        "2001:db8::1, 51821, 17, false",
        "2001:db8::2, 51820, 17, false",
        "2001:db8::1, 51820, 6, false",
    })
    void shouldKnowItsOwnDatagramsByAddressAndPort(
            String source, int port, int protocol, boolean isOwn) {
        int length = packet(ip(source), port, protocol);
        assertThat(ownTraffic.contains(buffer, OFFSET, length)).isEqualTo(isOwn);
    }

    @Test
    void shouldReadThePortBehindOptions() {
        int length = packet(ip("192.0.2.1"), 1, UDP);
        buffer.putByte(OFFSET, (byte) 0x46);
        buffer.putShort(OFFSET + 24, (short) PORT, ByteOrder.BIG_ENDIAN);
        assertThat(ownTraffic.contains(buffer, OFFSET, length + 4)).isTrue();
    }

    @Test
    void shouldKnowTheFirstFragmentAndLeaveTheOthers() {
        int length = packet(ip("192.0.2.1"), PORT, UDP);
        buffer.putShort(OFFSET + 6, (short) 0x2000, ByteOrder.BIG_ENDIAN);
        assertThat(ownTraffic.contains(buffer, OFFSET, length)).isTrue();
        buffer.putShort(OFFSET + 6, (short) 0x2001, ByteOrder.BIG_ENDIAN);
        assertThat(ownTraffic.contains(buffer, OFFSET, length)).isFalse();

        length = packet(ip("2001:db8::1"), PORT, 44);
        buffer.putByte(OFFSET + 40, (byte) UDP);
        buffer.putShort(OFFSET + 42, (short) 1, ByteOrder.BIG_ENDIAN);
        buffer.putShort(OFFSET + 48, (short) PORT, ByteOrder.BIG_ENDIAN);
        assertThat(ownTraffic.contains(buffer, OFFSET, length + 8)).isTrue();
        buffer.putShort(OFFSET + 42, (short) 8, ByteOrder.BIG_ENDIAN);
        assertThat(ownTraffic.contains(buffer, OFFSET, length + 8)).isFalse();
        buffer.putByte(OFFSET + 40, (byte) TCP);
        buffer.putShort(OFFSET + 42, (short) 0, ByteOrder.BIG_ENDIAN);
        assertThat(ownTraffic.contains(buffer, OFFSET, length + 8)).isFalse();
    }

    @Test
    void shouldKnowNothingInWhatIsTooShortForAPort() {
        int length = packet(ip("192.0.2.1"), PORT, UDP);
        assertThat(ownTraffic.contains(buffer, OFFSET, length - 7)).isFalse();
        assertThat(ownTraffic.contains(buffer, OFFSET, 20)).isFalse();
        packet(ip("2001:db8::1"), PORT, 44);
        assertThat(ownTraffic.contains(buffer, OFFSET, 40)).isFalse();
    }

    @Test
    void shouldKnowNothingWithoutAPort() {
        int length = packet(ip("192.0.2.1"), 0xffff, UDP);
        ownTraffic.port(-1);
        assertThat(ownTraffic.contains(buffer, OFFSET, length)).isFalse();
    }

    /** An IP packet with a UDP header and nothing in it; returns its length. */
    private int packet(IpAddress source, int port, int protocol) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0);
        int headerLength = source.isIpv6() ? 40 : 20;
        buffer.putByte(OFFSET, (byte) (source.isIpv6() ? 0x60 : 0x45));
        buffer.putByte(OFFSET + (source.isIpv6() ? 6 : 9), (byte) protocol);
        buffer.putBytes(OFFSET + (source.isIpv6() ? 8 : 12), source.bytes());
        buffer.putShort(OFFSET + headerLength, (short) port, ByteOrder.BIG_ENDIAN);
        return headerLength + 8;
    }

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
