package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.testing.Allocation;
import io.ovl.dataplane.testing.NetworkNamespace;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

class LinuxTunTapIT {
    private static final int HEADER = TunTapQueue.VNET_HEADER_LENGTH;

    /** A busy kernel passes packets on a little later. */
    private static final long LIMIT_NS = 20_000_000_000L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));
    private final GatherList frame = new GatherList(4);
    private NetworkNamespace namespace;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create();
    }

    @AfterEach
    void remove() {
        namespace.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCreateAndRemoveTheInterface(boolean isTap) {
        namespace.run(
                () -> {
                    LinuxTunTap device = LinuxTunTap.open("ovl%d", isTap, 1);
                    assertThat(device.name()).isEqualTo("ovl0");
                    assertThat(device.mtu()).isEqualTo(isTap ? 1500 : 1420);
                    assertThat(device.ifindex()).isPositive();
                    assertThat(device.offloads())
                            .containsExactlyInAnyOrder(
                                    Offload.CHECKSUM, Offload.TSO4, Offload.TSO6, Offload.USO);
                    device.close();
                    device.close();
                });
        assertThat(namespace.ip("-brief link")).doesNotContain("ovl0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldRefuseTheNameOfADeviceInUse(int queueCount) {
        namespace.run(
                () -> {
                    try (LinuxTunTap first = LinuxTunTap.open("ovl0", false, queueCount)) {
                        DeviceException refusal = refusal("ovl0", queueCount);
                        assertThat(refusal.errno()).isEqualTo(Errno.EBUSY);
                        assertThat(refusal).hasMessageContaining("another process uses it");
                        assertThat(first.queueCount()).isEqualTo(queueCount);
                    }
                });
    }

    @Test
    void shouldKeepTheMtuOfAPersistentDevice() {
        namespace.ip("tuntap add dev kept mode tun");
        namespace.ip("link set kept mtu 1400");
        namespace.run(
                () -> {
                    try (LinuxTunTap device = LinuxTunTap.open("kept", false, 1)) {
                        assertThat(device.mtu()).isEqualTo(1400);
                    }
                });
    }

    @Test
    void shouldAttachToPersistentDevicesOfEitherKind() {
        namespace.ip("tuntap add dev plain mode tun");
        namespace.ip("tuntap add dev many mode tun multi_queue");
        namespace.run(
                () -> {
                    LinuxTunTap.open("plain", false, 1).close();
                    LinuxTunTap.open("many", false, 1).close();
                    LinuxTunTap.open("many", false, 2).close();
                    assertThat(refusal("plain", 2).errno()).isEqualTo(Errno.EEXIST);
                });
        assertThat(namespace.ip("-brief link")).contains("plain", "many");
    }

    @Test
    void shouldRefuseWhatIsNotATunDeviceOrNoName() {
        namespace.ip("link add other type veth peer name farther");
        namespace.run(
                () -> {
                    assertThat(refusal("other", 1).errno()).isEqualTo(Errno.EEXIST);
                    assertThat(refusal("other", 1)).hasMessageContaining("ip link delete other");
                    assertThat(refusal("", 1).errno()).isEqualTo(Errno.EINVAL);
                    assertThat(refusal("sixteen-letters.", 1).errno()).isEqualTo(Errno.EINVAL);
                });
    }

    @Test
    void shouldReadASuperPacketWhole() {
        namespace.run(
                () -> {
                    try (LinuxTunTap device = LinuxTunTap.open("ovl0", false, 1)) {
                        up();
                        int length = readUdp(device, 1000, 20_000);
                        // virtio_net_hdr: flags 1 = checksum unfinished, type 5 = UDP segments.
                        assertThat(length).isEqualTo(HEADER + 28 + 20_000);
                        assertThat(buffer.getByte(0)).isEqualTo((byte) 1);
                        assertThat(buffer.getByte(1)).isEqualTo((byte) 5);
                        assertThat(buffer.getShort(4)).isEqualTo((short) 1000);
                    }
                });
    }

    @Test
    void shouldWriteASuperPacketGatheredFromPieces() {
        namespace.run(
                () -> {
                    try (LinuxTunTap device = LinuxTunTap.open("ovl0", false, 1);
                            LinuxUdpSockets sockets = LinuxUdpSockets.open(UdpOptions.port(4000))) {
                        up();
                        int length = readUdp(device, 1000, 20_000);
                        sendBack(length);
                        frame.add(buffer.addressOffset(), HEADER);
                        frame.add(buffer.addressOffset() + HEADER, 28);
                        frame.add(buffer.addressOffset() + HEADER + 28, 20_000);
                        assertThat(device.queue(0).write(frame)).isEqualTo(length);

                        ReceiveBatch received = new ReceiveBatch(32);
                        LinuxUdpBind bind = sockets.bind(0);
                        int count = 0;
                        for (long startNs = System.nanoTime(); count == 0 && isInTime(startNs); ) {
                            count = bind.receive(received);
                        }
                        assertThat(count).isEqualTo(1);
                        assertThat(received.length(0)).isEqualTo(20_000);
                        assertThat(received.segmentLength(0)).isEqualTo(1000);
                        assertThat(bind.receive(received)).isZero();
                    }
                });
    }

    @Test
    void shouldTellDownAndDeletedApart() {
        namespace.run(
                () -> {
                    try (LinuxTunTap device = LinuxTunTap.open("ovl0", false, 1)) {
                        buffer.setMemory(0, 100, (byte) 0);
                        buffer.putByte(HEADER, (byte) 0x45);
                        frame.add(buffer.addressOffset(), HEADER + 20);
                        TunTapQueue queue = device.queue(0);
                        assertThat(queue.write(frame)).isEqualTo(-Errno.EIO);
                        assertThat(queue.read(buffer, 0, 2000)).isZero();
                        up();
                        assertThat(queue.write(frame)).isEqualTo(HEADER + 20);
                        namespace.ip("link set ovl0 down");
                        assertThat(queue.write(frame)).isEqualTo(-Errno.EIO);
                        namespace.ip("link delete ovl0");
                        assertThat(queue.write(frame)).isEqualTo(-Errno.EBADFD);
                        assertThat(queue.read(buffer, 0, 2000)).isEqualTo(-Errno.EBADFD);
                    }
                });
    }

    @Test
    void shouldAllocateNothingWhileReadingAndWriting() {
        namespace.run(
                () -> {
                    try (LinuxTunTap device = LinuxTunTap.open("ovl0", false, 1)) {
                        up();
                        buffer.setMemory(0, 100, (byte) 0);
                        buffer.putByte(HEADER, (byte) 0x45);
                        TunTapQueue queue = device.queue(0);
                        long bytes =
                                Allocation.bytesOf(
                                        10_000,
                                        () -> {
                                            frame.clear();
                                            frame.add(buffer.addressOffset(), HEADER + 20);
                                            queue.write(frame);
                                            queue.read(buffer, 1000, 2000);
                                        });
                        assertThat(bytes).isZero();
                    }
                });
    }

    private static DeviceException refusal(String name, int queueCount) {
        return catchThrowableOfType(
                DeviceException.class, () -> LinuxTunTap.open(name, false, queueCount).close());
    }

    private void up() {
        namespace.ip("address add 10.9.0.1/24 dev ovl0");
        namespace.ip("link set ovl0 up");
    }

    /** Sends segments to the other side of the device by GSO and reads them from it, past what else the kernel says. */
    private int readUdp(LinuxTunTap device, int segmentLength, int length) throws DeviceException {
        SendBatch batch = new SendBatch();
        Endpoint far = Endpoint.of(new UdpAddress(IpAddress.of(new byte[] {10, 9, 0, 2}), 4000, 0));
        for (int done = 0; done < length; done += segmentLength) {
            batch.commit(far, 0, segmentLength);
        }
        try (LinuxUdpSockets sockets = LinuxUdpSockets.open(UdpOptions.port(0))) {
            assertThat(sockets.bind(0).send(batch)).isZero();
        }
        for (long startNs = System.nanoTime(); isInTime(startNs); ) {
            int read = device.queue(0).read(buffer, 0, buffer.capacity());
            if (read > 1000) {
                return read;
            }
        }
        return 0;
    }

    private static boolean isInTime(long startNs) {
        return System.nanoTime() - startNs < LIMIT_NS;
    }

    /** Turns the packet's addresses round, which leaves all its checksums as they are. */
    private void sendBack(int length) {
        assertThat(length).isGreaterThan(HEADER + 28);
        int source = buffer.getInt(HEADER + 12);
        buffer.putInt(HEADER + 12, buffer.getInt(HEADER + 16));
        buffer.putInt(HEADER + 16, source);
    }
}
