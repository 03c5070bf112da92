package io.ovl.dataplane.netns;

import java.nio.file.Files;
import java.nio.file.Path;

/** The programs that serve a WireGuard interface: what is tested, and what it is tested against. */
enum Daemon {
    UNDER_TEST(underTest()),
    WIREGUARD_GO("wireguard-go");

    private final String program;

    Daemon(String program) {
        this.program = program;
    }

    String program() {
        return program;
    }

    /** A program of the built distribution: {@code ovld} or {@code ovlctl}. */
    static String built(String name) {
        Path program = Path.of("..", "target", "ovl", "bin", name).toAbsolutePath().normalize();
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(program + " is not built: mvn -DskipTests package");
        }
        return program.toString();
    }

    /** ovld, or what stands in its place to check the tests. */
    private static String underTest() {
        String other = System.getenv("OVL_TEST_DAEMON");
        return other == null ? built("ovld") : other;
    }
}
