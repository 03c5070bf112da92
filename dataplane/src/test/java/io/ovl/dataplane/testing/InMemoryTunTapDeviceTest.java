package io.ovl.dataplane.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.TunTapQueue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class InMemoryTunTapDeviceTest {
    private static final int HEADER = TunTapQueue.VNET_HEADER_LENGTH;

    private final InMemoryTunTapDevice device = InMemoryTunTapDevice.tun("ovl0");
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
    private final GatherList frame = new GatherList(4);

    @Test
    void shouldReadInjectedFramesBehindAnEmptyHeader() {
        device.memory(0).inject(new byte[] {0x45, 1, 2});

        assertThat(device.queue(0).read(buffer, 20, 80)).isEqualTo(HEADER + 3);
        assertThat(buffer.getByte(20)).isZero();
        assertThat(buffer.getByte(20 + HEADER)).isEqualTo((byte) 0x45);
        assertThat(device.queue(0).read(buffer, 0, 100)).isZero();
    }

    @Test
    void shouldKeepWhatWasGatheredFromPieces() {
        buffer.putByte(HEADER, (byte) 0x45);
        buffer.putByte(50, (byte) 7);
        frame.add(buffer.addressOffset(), HEADER + 1);
        frame.add(buffer.addressOffset() + 50, 1);

        assertThat(device.queue(0).write(frame)).isEqualTo(HEADER + 2);

        assertThat(device.memory(0).takeWritten())
                .containsExactly(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x45, 7});
        assertThat(device.memory(0).takeWritten()).isEmpty();
    }

    @Test
    void shouldFailLikeARealDeviceWhenDownOrDeleted() {
        frame.add(buffer.addressOffset(), HEADER + 1);
        device.memory(0).inject(new byte[20]);
        device.up(false);
        assertThat(device.queue(0).read(buffer, 0, 100)).isZero();
        assertThat(device.queue(0).write(frame)).isEqualTo(-Errno.EIO);
        device.delete();
        assertThat(device.queue(0).read(buffer, 0, 100)).isEqualTo(-Errno.EBADFD);
        assertThat(device.queue(0).write(frame)).isEqualTo(-Errno.EBADFD);
    }
}
