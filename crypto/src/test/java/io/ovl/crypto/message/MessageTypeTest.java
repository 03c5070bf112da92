package io.ovl.crypto.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

class MessageTypeTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4 + 65_536]);

    @Test
    void shouldAcceptEachTypeAtItsLengthsOnly() {
        for (int length = 4; length <= 65_535; length++) {
            assertThat(classify(1, length)).isEqualTo(length == 148 ? MessageType.INITIATION : -1);
            assertThat(classify(2, length)).isEqualTo(length == 92 ? MessageType.RESPONSE : -1);
            assertThat(classify(3, length)).isEqualTo(length == 64 ? MessageType.COOKIE_REPLY : -1);
            assertThat(classify(4, length)).isEqualTo(length >= 32 ? MessageType.DATA : -1);
            assertThat(classify(0, length)).isEqualTo(MessageType.UNKNOWN);
            assertThat(classify(5, length)).isEqualTo(MessageType.UNKNOWN);
        }
    }

    @Test
    void shouldNotReadTypeOfRunts() {
        UnsafeBuffer short1 = new UnsafeBuffer(new byte[3]);
        for (int length = 0; length <= 3; length++) {
            assertThat(MessageType.classify(short1, 0, length)).isEqualTo(MessageType.UNKNOWN);
        }
    }

    @Test
    void shouldRefuseAnyBitInReservedBytes() {
        for (int type = 1; type <= 4; type++) {
            for (int bit = 8; bit < 32; bit++) {
                assertThat(classify(type | 1 << bit, 148)).isEqualTo(MessageType.UNKNOWN);
            }
        }
    }

    private int classify(int typeWord, int length) {
        buffer.putInt(4, typeWord, ByteOrder.LITTLE_ENDIAN);
        return MessageType.classify(buffer, 4, length);
    }
}
