package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.testing.NetworkNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinuxTapIT {
    private NetworkNamespace namespace;
    private NetworkNamespace elsewhere;
    private LinuxTap tap;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create();
        elsewhere = NetworkNamespace.create();
        tap = namespace.call(() -> LinuxTap.open("ovl0", 1));
    }

    @AfterEach
    void remove() {
        tap.close();
        namespace.close();
        elsewhere.close();
    }

    private void refresh() {
        namespace.run(tap::refresh);
    }

    @Test
    void shouldReadWhatOthersHaveChanged() {
        namespace.ip("link set ovl0 mtu 1400 address 02:00:00:00:00:07");
        refresh();
        assertThat(tap.mtu()).isEqualTo(1400);
        assertThat(tap.mac()).isEqualTo(0x020000000007L);
        assertThat(tap.isOutOfSight()).isFalse();
    }

    @Test
    void shouldFollowItsInterfaceOutOfSightAndBack() {
        namespace.ip("link set ovl0 name lan0");
        namespace.ip("link set lan0 mtu 1300");
        refresh();
        assertThat(tap.isOutOfSight()).isTrue();
        assertThat(tap.mtu()).isEqualTo(1300);

        namespace.ip("link set lan0 netns " + elsewhere.pid());
        elsewhere.ip("link set lan0 mtu 1200");
        refresh();
        assertThat(tap.isOutOfSight()).isTrue();
        assertThat(tap.mtu()).isEqualTo(1200);

        elsewhere.ip("link set lan0 netns " + namespace.pid());
        namespace.ip("link set lan0 name ovl0");
        refresh();
        assertThat(tap.isOutOfSight()).isFalse();
    }
}
