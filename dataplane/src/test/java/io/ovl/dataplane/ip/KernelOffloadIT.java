package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/**
 * The kernel's own TCP and UDP take what {@link Coalescer} makes of what {@link Segmenter} made of what they sent.
 *
 * <p>The middle host forwards the super-packets to the right one over a link without offloads: there the kernel itself
 * has to segment them and to finish their checksums, and the receiver verifies every one. On the way back the left host
 * verifies.
 */
@Tag("netns")
@Timeout(300)
class KernelOffloadIT {
    @BeforeAll
    static void needNamespaces() {
        if (System.getenv("CI") == null) {
            assumeThat(System.getProperty("user.name")).isEqualTo("root");
            assumeThat(Path.of("/dev/net/tun")).exists();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, 10.91.2.2, true",
        "false, fd91:2::2, true",
        "true, 10.91.2.2, true",
        "true, fd91:2::2, true",
        "false, 10.91.2.2, false",
        "true, fd91:2::2, false"
    })
    void shouldCarryTcpUndamaged(boolean isTap, String address, boolean coalesces)
            throws Exception {
        try (KernelOffloadLab lab = new KernelOffloadLab(isTap, coalesces)) {
            String sent = lab.makeFile(20_000_000);
            assertThat(lab.sendTcp(true, address)).isEqualTo(sent);
            assertThat(lab.sendTcp(false, address)).isEqualTo(sent);
            assertThat(lab.longestRead()).isGreaterThan(10_000);
            assertThat(lab.mostJoined()).isGreaterThan(coalesces ? 5 : 0);
            assertThat(lab.mostJoined()).isLessThan(coalesces ? 129 : 2);
            assertThat(lab.checksumErrors()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, 10.91.2.2, true",
        "false, fd91:2::2, true",
        "true, 10.91.2.2, true",
        "false, fd91:2::2, false"
    })
    void shouldCarryUdpSegmentsUndamaged(boolean isTap, String address, boolean coalesces)
            throws Exception {
        try (KernelOffloadLab lab = new KernelOffloadLab(isTap, coalesces)) {
            String sent = lab.makeFile(30_500);
            assertThat(lab.sendUdpSegments(address, 1_200)).isEqualTo(sent);
            assertThat(lab.longestRead()).isGreaterThan(30_000);
            assertThat(lab.mostJoined()).isEqualTo(coalesces ? 26 : 1);
            assertThat(lab.checksumErrors()).isZero();
        }
    }
}
