package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

class InternetChecksumTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));

    @Test
    void shouldSumExampleOfRfc1071() {
        buffer.putBytes(
                1, new byte[] {0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, -9});
        assertThat(value(InternetChecksum.sum(buffer, 1, 8))).isEqualTo(0xddf2);
    }

    @Test
    void shouldSumEveryLengthAtEveryAlignmentAsReferenceDoes() {
        byte[] bytes = new byte[1100];
        new SplittableRandom(1).nextBytes(bytes);
        for (int alignment = 0; alignment < 8; alignment++) {
            buffer.putBytes(alignment, bytes);
            for (int length = 0; length <= bytes.length; length++) {
                assertThat(value(InternetChecksum.sum(buffer, alignment, length)))
                        .isEqualTo(PacketBuilder.sum(Arrays.copyOf(bytes, length)));
            }
        }
    }

    @Test
    void shouldNotLoseCarries() {
        byte[] bytes = new byte[65_535];
        Arrays.fill(bytes, (byte) 0xff);
        buffer.putBytes(3, bytes);
        for (int length : new int[] {15, 16, 17, 64, 255, 256, 257, 65_534, 65_535}) {
            assertThat(value(InternetChecksum.sum(buffer, 3, length)))
                    .isEqualTo(PacketBuilder.sum(Arrays.copyOf(bytes, length)));
        }
    }

    @Test
    void shouldSumMemoryOnTheHeapToo() {
        byte[] bytes = new byte[2000];
        new SplittableRandom(2).nextBytes(bytes);
        assertThat(value(InternetChecksum.sum(new UnsafeBuffer(bytes), 0, 2000)))
                .isEqualTo(PacketBuilder.sum(bytes));
    }

    @Test
    void shouldRefuseRangesOutsideOfTheBuffer() {
        for (int length : new int[] {20, 2000}) {
            assertThatThrownBy(() -> InternetChecksum.sum(buffer, 70_001 - length, length))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> InternetChecksum.sum(buffer, -1, length))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> InternetChecksum.sum(buffer, 0, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldFoldLargestSums() {
        assertThat(InternetChecksum.fold(0)).isZero();
        assertThat(InternetChecksum.fold(0xffff)).isEqualTo(0xffff);
        assertThat(InternetChecksum.fold(0x1_0000)).isEqualTo(1);
        assertThat(InternetChecksum.fold(0xffff_ffff_ffffL)).isEqualTo(0xffff);
        assertThat(InternetChecksum.fold(Long.MAX_VALUE)).isEqualTo(0x7fff);
        assertThat(InternetChecksum.fold(-1)).isEqualTo(0xffff);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100_000; i++) {
            long sum = random.nextLong() >>> random.nextInt(64);
            assertThat(InternetChecksum.fold(sum) % 0xffff)
                    .isEqualTo((int) Long.remainderUnsigned(sum, 0xffff));
        }
    }

    @Test
    void shouldUpdateAsIfComputedAnew() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 100_000; i++) {
            byte[] header = new byte[20];
            random.nextBytes(header);
            header[0] = 0x45;
            buffer.putBytes(0, header);
            Ipv4Flyweight.updateChecksum(buffer, 0);
            int field = 2 * random.nextInt(5);
            int newValue = i % 10 == 0 ? 0xffff * random.nextInt(2) : random.nextInt(1 << 16);
            int oldValue = buffer.getShort(field, ByteOrder.BIG_ENDIAN) & 0xffff;
            buffer.putShort(field, (short) newValue, ByteOrder.BIG_ENDIAN);
            InternetChecksum.update(buffer, Ipv4Flyweight.CHECKSUM_OFFSET, oldValue, newValue);
            assertThat(value(InternetChecksum.sum(buffer, 0, 20))).isEqualTo(0xffff);
        }
    }

    @Test
    void shouldUpdateExampleOfRfc1624() {
        buffer.putShort(0, (short) 0xdd2f, ByteOrder.BIG_ENDIAN);
        InternetChecksum.update(buffer, 0, 0x5555, 0x3285);
        assertThat(buffer.getShort(0)).isZero();
    }

    /** A folded sum as the number that it is in network byte order. */
    private static int value(long sum) {
        return InternetChecksum.word(InternetChecksum.fold(sum));
    }
}
