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

    /** Whether the program under test is ovl, and not another one put in its place to check the tests. */
    static boolean isOvl() {
        return System.getenv("OVL_TEST_DAEMON") == null;
    }

    private static String underTest() {
        if (!isOvl()) {
            return System.getenv("OVL_TEST_DAEMON");
        }
        Path ovld = Path.of("..", "target", "ovl", "bin", "ovld").toAbsolutePath().normalize();
        if (!Files.isExecutable(ovld)) {
            throw new IllegalStateException(ovld + " is not built: mvn -DskipTests package");
        }
        return ovld.toString();
    }
}
