package io.ovl.crypto.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HexFormat;

/** The layouts against bytes written down by hand from the whitepaper. */
class MessageFlyweightTest {
    private static final int OFFSET = 3;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);

    @Test
    void shouldLayOutInitiation() {
        MessageInitiationFlyweight.putType(buffer, OFFSET);
        MessageInitiationFlyweight.senderIndex(buffer, OFFSET, 0x89abcdef);
        MessageInitiationFlyweight.putEphemeral(buffer, OFFSET, filled(32, 0x11));
        MessageInitiationFlyweight.putEncryptedStatic(buffer, OFFSET, filled(48, 0x22));
        MessageInitiationFlyweight.putEncryptedTimestamp(buffer, OFFSET, filled(28, 0x33));
        assertThat(hex(148))
                .isEqualTo(
                        "01000000"
                                + "efcdab89"
                                + "11".repeat(32)
                                + "22".repeat(48)
                                + "33".repeat(28)
                                + "00".repeat(32));
        assertThat(MessageInitiationFlyweight.senderIndex(buffer, OFFSET)).isEqualTo(0x89abcdef);
        assertThat(MessageInitiationFlyweight.MAC1_OFFSET).isEqualTo(4 + 4 + 32 + 48 + 28);
        assertThat(MessageInitiationFlyweight.MAC2_OFFSET)
                .isEqualTo(MessageInitiationFlyweight.LENGTH - 16);
        byte[] field = new byte[48];
        MessageInitiationFlyweight.getEncryptedStatic(buffer, OFFSET, field);
        assertThat(field).isEqualTo(filled(48, 0x22));
    }

    @Test
    void shouldLayOutResponse() {
        MessageResponseFlyweight.putType(buffer, OFFSET);
        MessageResponseFlyweight.senderIndex(buffer, OFFSET, 1);
        MessageResponseFlyweight.receiverIndex(buffer, OFFSET, -2);
        MessageResponseFlyweight.putEphemeral(buffer, OFFSET, filled(32, 0x44));
        MessageResponseFlyweight.putEncryptedNothing(buffer, OFFSET, filled(16, 0x55));
        assertThat(hex(92))
                .isEqualTo(
                        "0200000001000000feffffff"
                                + "44".repeat(32)
                                + "55".repeat(16)
                                + "00".repeat(32));
        assertThat(MessageResponseFlyweight.receiverIndex(buffer, OFFSET)).isEqualTo(-2);
        assertThat(MessageResponseFlyweight.MAC1_OFFSET).isEqualTo(4 + 4 + 4 + 32 + 16);
        assertThat(MessageResponseFlyweight.MAC2_OFFSET)
                .isEqualTo(MessageResponseFlyweight.LENGTH - 16);
    }

    @Test
    void shouldLayOutCookieReply() {
        MessageCookieReplyFlyweight.putType(buffer, OFFSET);
        MessageCookieReplyFlyweight.receiverIndex(buffer, OFFSET, 0x01020304);
        MessageCookieReplyFlyweight.putNonce(buffer, OFFSET, filled(24, 0x66));
        MessageCookieReplyFlyweight.putEncryptedCookie(buffer, OFFSET, filled(32, 0x77));
        assertThat(hex(64)).isEqualTo("0300000004030201" + "66".repeat(24) + "77".repeat(32));
        assertThat(MessageCookieReplyFlyweight.receiverIndex(buffer, OFFSET)).isEqualTo(0x01020304);
    }

    @Test
    void shouldLayOutDataHeader() {
        MessageDataFlyweight.putHeader(buffer, OFFSET, 0x01020304, 0xfffefdfcfbfaf9f8L);
        assertThat(hex(16)).isEqualTo("0400000004030201f8f9fafbfcfdfeff");
        assertThat(MessageDataFlyweight.counter(buffer, OFFSET)).isEqualTo(0xfffefdfcfbfaf9f8L);
        assertThat(MessageDataFlyweight.receiverIndex(buffer, OFFSET)).isEqualTo(0x01020304);
    }

    @Test
    void shouldNotReachPastEndOfBuffer() {
        UnsafeBuffer tooShort =
                new UnsafeBuffer(new byte[MessageInitiationFlyweight.ENCRYPTED_TIMESTAMP_OFFSET]);
        assertThatThrownBy(
                        () ->
                                MessageInitiationFlyweight.getEncryptedTimestamp(
                                        tooShort, 0, new byte[28]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private String hex(int length) {
        return HexFormat.of()
                .formatHex(Arrays.copyOfRange(buffer.byteArray(), OFFSET, OFFSET + length));
    }
}
