package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.testing.Allocation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollLoopTest {
    private static final long ONE_SECOND = 1_000_000_000L;

    private static final IpAddress LOOPBACK = IpAddress.of(new byte[] {127, 0, 0, 1});

    private final EpollLoop loop = new EpollLoop();
    private final SendBatch sent = new SendBatch();
    private final ReceiveBatch received = new ReceiveBatch(4);
    private LinuxUdpSockets sockets;
    private LinuxUdpBind bind;
    private Endpoint self;
    private int calls;

    @BeforeEach
    void open() throws DeviceException {
        loop.takeOwnership();
        sockets = LinuxUdpSockets.open(UdpOptions.port(0));
        bind = sockets.bind(0);
        self = Endpoint.of(new UdpAddress(LOOPBACK, sockets.port(), 0));
    }

    @AfterEach
    void close() {
        loop.close();
        loop.close();
        sockets.close();
    }

    @Test
    void shouldReportAgainWhatWasLeftUnread() {
        loop.register(bind.fd(), (isReadable, isErrorOrHangup) -> calls++);
        sendToSelf();

        loop.run(ONE_SECOND);
        loop.run(ONE_SECOND);
        assertThat(calls).isEqualTo(2);

        bind.receive(received);
        loop.run(0);
        assertThat(calls).isEqualTo(2);
    }

    @Test
    void shouldBeSilentOnceDeregistered() {
        loop.register(bind.fd(), (isReadable, isErrorOrHangup) -> calls++);
        loop.deregister(bind.fd());
        loop.deregister(bind.fd());
        sendToSelf();

        loop.run(0);
        assertThat(calls).isZero();

        loop.register(bind.fd(), (isReadable, isErrorOrHangup) -> calls++);
        loop.run(ONE_SECOND);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void shouldRefuseADescriptorTwice() {
        loop.register(bind.fd(), (isReadable, isErrorOrHangup) -> calls++);

        assertThatThrownBy(() -> loop.register(bind.fd(), (isReadable, isErrorOrHangup) -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldWakeUpForAnotherThread() throws InterruptedException {
        Thread other = Thread.ofPlatform().start(loop::wakeup);

        loop.run(60 * ONE_SECOND);

        other.join();
    }

    @Test
    void shouldRunTasksOfItsEventLoop() {
        loop.eventLoop().execute(() -> calls++);

        loop.run(ONE_SECOND);

        assertThat(calls).isEqualTo(1);
    }

    @Test
    void shouldAllocateNothing() {
        loop.register(bind.fd(), (isReadable, isErrorOrHangup) -> bind.receive(received));

        long bytes =
                Allocation.bytesOf(
                        10_000,
                        () -> {
                            sendToSelf();
                            loop.run(ONE_SECOND);
                            loop.run(0);
                        });

        assertThat(bytes).isZero();
    }

    private void sendToSelf() {
        sent.clear();
        sent.commit(self, 0, 100);
        bind.send(sent);
    }
}
