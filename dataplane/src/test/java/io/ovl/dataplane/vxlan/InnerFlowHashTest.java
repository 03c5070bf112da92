package io.ovl.dataplane.vxlan;

import static io.ovl.dataplane.vxlan.Frames.HEADROOM;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class InnerFlowHashTest {
    private final UnsafeBuffer buffer = Frames.buffer();

    private int port(int length) {
        return InnerFlowHash.sourcePort(buffer, HEADROOM, length);
    }

    @Test
    void shouldSpreadFlowsThatDifferInOnePort() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ports.add(port(Frames.putUdp4(buffer, 0, 64, 1, 2, (40_000 + i) << 16 | 80)));
        }
        assertThat(ports).hasSizeGreaterThan(900).allMatch(p -> p >= 49_152 && p <= 65_535);
    }

    @Test
    void shouldSpreadFlowsThatDifferInAddressesOverBothFamilies() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            ports.add(port(Frames.putUdp4(buffer, 0, 64, 0x0a00_0000 + i, 2, 3)));
            ports.add(port(Frames.putUdp6(buffer, 0, 64, i)));
        }
        assertThat(ports).hasSizeGreaterThan(900);
    }

    @Test
    void shouldSpreadFlowsThatDifferInMacAddressesAlone() {
        Set<Integer> ports = new HashSet<>();
        buffer.setMemory(HEADROOM, 64, (byte) 0);
        for (int i = 0; i < 1000; i++) {
            buffer.putShort(HEADROOM + 4, (short) i);
            ports.add(port(60));
        }
        assertThat(ports).hasSizeGreaterThan(900);
    }

    @Test
    void shouldKeepAFlowOnOnePort() {
        int length = Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        int port = port(length);
        buffer.putByte(HEADROOM + 15, (byte) 0xb8);
        buffer.putShort(HEADROOM + 18, (short) 4711);
        buffer.putByte(HEADROOM + 22, (byte) 3);
        buffer.putByte(HEADROOM + length - 1, (byte) 99);

        assertThat(port(length)).isEqualTo(port);
    }

    @Test
    void shouldPutAllFragmentsOnOnePort() {
        int length = Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        buffer.putByte(HEADROOM + 20, (byte) 0x20);
        int first = port(length);
        buffer.putShort(HEADROOM + 20, (short) 0x1000);
        buffer.putInt(HEADROOM + 34, 12345);

        assertThat(port(length)).isEqualTo(first);
    }

    @Test
    void shouldHashEveryLengthOfFrame() {
        Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        for (int length = 0; length < 60; length++) {
            assertThat(port(length)).isBetween(49_152, 65_535);
        }
    }
}
