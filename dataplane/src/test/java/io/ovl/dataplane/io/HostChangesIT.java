package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.testing.NetworkNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostChangesIT {
    private NetworkNamespace namespace;
    private HostChanges changes;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create();
        namespace.ip("link add br0 type bridge");
        namespace.ip("link add lan0 type veth peer name lan1");
        namespace.ip("link set lan0 up");
        changes = namespace.call(HostChanges::open);
    }

    @AfterEach
    void remove() {
        changes.close();
        namespace.close();
    }

    @Test
    void shouldSayNothingWhereNothingHappens() {
        assertThat(changes.hasChanged()).isFalse();
        namespace.ip("link show");
        assertThat(changes.hasChanged()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "link set lan1 mtu 1400",
                "link set lan1 address 02:00:00:00:00:07",
                "link set lan1 master br0",
                "link set lan1 name wan0",
                "link delete lan1",
                "address add 192.0.2.1/24 dev lan0",
                "address add 2001:db8::1/64 dev lan0 nodad",
                "route add 198.51.100.0/24 dev lan0",
                "rule add pref 7 table 7",
            })
    void shouldNoticeWhatTheOverlayDependsOn(String command) {
        namespace.ip(command);
        assertThat(changes.hasChanged()).isTrue();
    }
}
