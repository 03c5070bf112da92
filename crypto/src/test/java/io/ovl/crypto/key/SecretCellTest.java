package io.ovl.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class SecretCellTest {
    @Test
    void shouldHoldCopyAtItsAddress() {
        byte[] secret = filled(0x5a);
        try (SecretCell cell = SecretCell.copyOf(secret, 0)) {
            Arrays.fill(secret, (byte) 0);
            byte[] copy = new byte[34];
            cell.copyTo(copy, 1);
            assertThat(Arrays.copyOfRange(copy, 1, 33)).isEqualTo(filled(0x5a));
            assertThat(new UnsafeBuffer(cell.address(), 32).getByte(31)).isEqualTo((byte) 0x5a);
        }
    }

    @Test
    void shouldWipeOnCloseAndBeReusedOnlyOnce() {
        SecretCell cell = SecretCell.copyOf(filled(0x5a), 0);
        UnsafeBuffer memory = new UnsafeBuffer(cell.address(), 32);
        cell.close();
        cell.close();
        for (int i = 0; i < 32; i++) {
            assertThat(memory.getByte(i)).isZero();
        }
        Set<Long> addresses = new HashSet<>();
        List<SecretCell> cells = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            SecretCell next = SecretCell.copyOf(filled(i), 0);
            cells.add(next);
            assertThat(addresses.add(next.address())).isTrue();
        }
        assertThat(addresses).contains(cell.address());
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[32];
            cells.get(i).copyTo(bytes, 0);
            assertThat(bytes).isEqualTo(filled(i));
            cells.get(i).close();
        }
    }

    @Test
    void shouldNeverRepeatId() {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            try (SecretCell cell = SecretCell.copyOf(filled(1), 0)) {
                assertThat(ids.add(cell.id())).isTrue();
            }
        }
    }

    @Test
    void shouldKeepSecretsOutOfCoreDumps() throws Exception {
        try (SecretCell cell = SecretCell.copyOf(filled(1), 0)) {
            boolean isInside = false;
            String flags = "";
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
                    isInside =
                            Long.compareUnsigned(
                                                    Long.parseUnsignedLong(range[0], 16),
                                                    cell.address())
                                            <= 0
                                    && Long.compareUnsigned(
                                                    cell.address(),
                                                    Long.parseUnsignedLong(range[1], 16))
                                            < 0;
                } else if (isInside && line.startsWith("VmFlags:")) {
                    flags = line;
                }
            }
            assertThat(flags).contains(" dd");
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
