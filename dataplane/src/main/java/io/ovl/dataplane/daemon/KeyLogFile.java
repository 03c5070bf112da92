package io.ovl.dataplane.daemon;

import io.ovl.crypto.noise.Handshake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * For tests: writes the secrets of handshakes where Wireshark's {@code wg.keylog_file} finds them. Whoever reads the
 * file reads the traffic, so a service never does this.
 *
 * <p>Thread: the conductor. Errors: a key that cannot be written ends the daemon.
 */
final class KeyLogFile implements Handshake.KeyLog {
    private static final String VARIABLE = "OVL_KEYLOG_FILE";

    /** What a service manager sets, for systemd's services any of the two. */
    private static final Set<String> SERVICE_VARIABLES = Set.of("NOTIFY_SOCKET", "INVOCATION_ID");

    private final FileChannel file;

    private KeyLogFile(FileChannel file) {
        this.file = file;
    }

    /** Begins to write if the environment asks for it. */
    static void openIfWanted(Map<String, String> environment) throws DaemonException, IOException {
        String path = environment.getOrDefault(VARIABLE, "");
        if (path.isEmpty()) {
            return;
        }
        if (SERVICE_VARIABLES.stream().anyMatch(environment::containsKey)) {
            throw new DaemonException(
                    VARIABLE
                            + " is set, which makes a daemon write down its secrets, and a service"
                            + " does not do that: it is for tests by hand");
        }
        Handshake.logKeys(
                new KeyLogFile(
                        FileChannel.open(
                                Path.of(path),
                                Set.of(
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.WRITE,
                                        StandardOpenOption.APPEND),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")))));
        System.err.println(
                "ovld: warning: every secret goes to "
                        + path
                        + ", because "
                        + VARIABLE
                        + " is set");
    }

    @Override
    public void onMessage(
            byte[] localStatic, byte[] remoteStatic, byte[] localEphemeral, byte[] presharedKey) {
        String lines =
                line("LOCAL_STATIC_PRIVATE_KEY", localStatic)
                        + line("REMOTE_STATIC_PUBLIC_KEY", remoteStatic)
                        + line("LOCAL_EPHEMERAL_PRIVATE_KEY", localEphemeral)
                        + line("PRESHARED_KEY", presharedKey);
        try {
            file.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new IllegalStateException(VARIABLE + ": " + e.getMessage(), e);
        }
    }

    private static String line(String name, byte[] key) {
        return name + " = " + Base64.getEncoder().encodeToString(key) + "\n";
    }
}
