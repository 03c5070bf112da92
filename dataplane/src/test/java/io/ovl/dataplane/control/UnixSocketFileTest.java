package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

class UnixSocketFileTest {
    @TempDir Path temporary;

    @Test
    void shouldPublishAListeningSocketWithItsMode() throws IOException {
        Path path = temporary.resolve("run/wg0.sock");
        UnixSocketFile file = new UnixSocketFile(path);

        try (ServerSocketChannel server = bind(file.prepare("rwxr-x---"))) {
            assertThat(path).doesNotExist();
            file.publish("rw-------");

            assertThat(mode(path)).isEqualTo("rw-------");
            assertThat(mode(path.resolveSibling(""))).isEqualTo("rwxr-x---");
            assertThat(file.isPresent()).isTrue();
            try (SocketChannel client = connect(path)) {
                assertThat(client.isConnected()).isTrue();
            }
            assertThat(server.isOpen()).isTrue();
        }
        file.remove();
        assertThat(filesIn(path.resolveSibling(""))).isEmpty();
    }

    @Test
    void shouldFallBackToTheOwnersModeWhereTheGroupIsMissing() throws IOException {
        Path path = temporary.resolve("wg0.sock");
        UnixSocketFile file = new UnixSocketFile(path);
        try (ServerSocketChannel _ = bind(file.prepare("rwxr-xr-x"))) {
            file.publish("rw-rw----", "no-such-group-here", "rw-------");
            assertThat(mode(path)).isEqualTo("rw-------");
        }
    }

    @Test
    void shouldReplaceASocketThatNobodyListensOn() throws IOException {
        Path path = temporary.resolve("wg0.sock");
        bind(path).close();
        assertThat(path).exists();

        UnixSocketFile file = new UnixSocketFile(path);
        try (ServerSocketChannel _ = bind(file.prepare("rwxr-xr-x"))) {
            file.publish("rw-------");
            connect(path).close();
        }
    }

    @Test
    void shouldRefuseTheNameOfALiveServer() throws IOException {
        Path path = temporary.resolve("wg0.sock");
        try (ServerSocketChannel _ = bind(path)) {
            assertThatThrownBy(() -> new UnixSocketFile(path).prepare("rwxr-xr-x"))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining("listens");
            connect(path).close();
        }
    }

    @Test
    void shouldRefuseToReplaceAFileThatIsNoSocket() throws IOException {
        Path path = Files.writeString(temporary.resolve("wg0.sock"), "precious");
        assertThatThrownBy(() -> new UnixSocketFile(path).prepare("rwxr-xr-x"))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(path).hasContent("precious");
    }

    @Test
    void shouldGiveTheNameToOneOfTwoThatStartTogether() throws IOException {
        Path path = temporary.resolve("wg0.sock");
        UnixSocketFile first = new UnixSocketFile(path);
        UnixSocketFile second = new UnixSocketFile(path);
        try (ServerSocketChannel _ = bind(first.prepare("rwxr-xr-x"));
                ServerSocketChannel _ = bind(second.prepare("rwxr-xr-x"))) {
            first.publish("rw-------");
            assertThatThrownBy(() -> second.publish("rw-------"))
                    .isInstanceOf(FileAlreadyExistsException.class);
            second.remove();
            assertThat(first.isPresent()).isTrue();
        }
        assertThat(filesIn(temporary)).containsExactly(path);
    }

    @Test
    void shouldNoticeThatItsSocketWasDeletedOrReplaced() throws IOException {
        Path path = temporary.resolve("wg0.sock");
        UnixSocketFile file = new UnixSocketFile(path);
        try (ServerSocketChannel _ = bind(file.prepare("rwxr-xr-x"))) {
            file.publish("rw-------");
            Files.delete(path);
            assertThat(file.isPresent()).isFalse();
            try (ServerSocketChannel _ = bind(path)) {
                assertThat(file.isPresent()).isFalse();
                file.remove();
                assertThat(path).exists();
            }
        }
    }

    private static ServerSocketChannel bind(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path));
    }

    private static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
