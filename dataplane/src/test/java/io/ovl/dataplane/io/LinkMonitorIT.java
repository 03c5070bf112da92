package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.testing.NetworkNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class LinkMonitorIT {
    private final List<String> reports = new ArrayList<>();
    private final LinkListener listener =
            new LinkListener() {
                @Override
                public void onMtu(int mtu) {
                    reports.add("mtu " + mtu);
                }

                @Override
                public void onUp(boolean isUp) {
                    reports.add(isUp ? "up" : "down");
                }

                @Override
                public void onDeleted() {
                    reports.add("deleted");
                }
            };
    private NetworkNamespace namespace;
    private NetworkNamespace elsewhere;
    private LinuxTunTap device;
    private LinkMonitor monitor;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create();
        elsewhere = NetworkNamespace.create();
        device = namespace.call(() -> LinuxTunTap.open("ovl0", false, 1));
        monitor = namespace.call(() -> LinkMonitor.open(device, listener));
    }

    @AfterEach
    void remove() {
        monitor.close();
        device.close();
        namespace.close();
        elsewhere.close();
    }

    @Test
    void shouldReportUpDownAndMtuOnce() {
        namespace.ip("link set ovl0 up");
        monitor.onEvents();
        monitor.onEvents();
        namespace.ip("link set ovl0 mtu 1280");
        monitor.onEvents();
        namespace.ip("link set ovl0 down");
        monitor.onEvents();

        assertThat(reports).containsExactly("up", "mtu 1280", "down");
        assertThat(device.mtu()).isEqualTo(1280);
    }

    @Test
    void shouldSayNothingOfOtherInterfaces() {
        namespace.ip("link add other type veth peer name farther");
        namespace.ip("link set other up mtu 1300");
        monitor.onEvents();

        assertThat(reports).isEmpty();
    }

    @Test
    void shouldFollowTheInterfaceThroughRenamesAndNamespaces() {
        namespace.ip("link set ovl0 up");
        monitor.onEvents();
        namespace.ip("link set ovl0 netns " + elsewhere.pid());
        monitor.onEvents();
        elsewhere.ip("link set ovl0 name wan0");
        elsewhere.ip("link set wan0 mtu 1200 up");
        monitor.refresh();
        elsewhere.ip("link set wan0 netns " + namespace.pid());
        namespace.ip("link set wan0 mtu 1300");
        monitor.refresh();

        assertThat(reports).containsExactly("up", "down", "mtu 1200", "up", "mtu 1300", "down");
    }

    @Test
    void shouldHearOfChangesInTheOtherNamespace() {
        namespace.ip("link set ovl0 netns " + elsewhere.pid());
        monitor.onEvents();
        elsewhere.ip("link set ovl0 mtu 1234");
        monitor.onEvents();

        assertThat(reports).containsExactly("mtu 1234");
    }

    @Test
    void shouldReportDeletionOnceHereAndElsewhere() {
        namespace.ip("link set ovl0 netns " + elsewhere.pid());
        elsewhere.ip("link delete ovl0");
        monitor.onEvents();
        monitor.refresh();

        assertThat(reports).containsExactly("deleted");
        assertThat(monitor.isDeleted()).isTrue();
    }

    @Test
    void shouldNotSpinOnADeletedDevice() {
        namespace.run(
                () -> {
                    try (EpollLoop loop = new EpollLoop()) {
                        loop.takeOwnership();
                        loop.register(
                                device.queue(0).fd(),
                                (isReadable, isErrorOrHangup) ->
                                        reports.add(isReadable + " " + isErrorOrHangup));
                        namespace.ip("link delete ovl0");
                        for (int i = 0; i < 5; i++) {
                            loop.run(0);
                        }
                        assertThat(reports).containsExactly("false true");
                    }
                });
    }
}
