package io.ovl.dataplane.control;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * The file of a listening unix socket, from its directory to its removal.
 *
 * <p>A server binds to {@link #prepare}'s path, inside a directory of its own that nobody else may enter;
 * {@link #publish} sets mode and group there and only then links the socket to its name. So no client ever finds a
 * socket that is too open, or one that does not listen yet, whatever the umask, and of two daemons that start together
 * one gets the name.
 *
 * <p>Thread: one at a time. Errors: after an exception nothing is left behind but the directory of the socket.
 */
public final class UnixSocketFile {
    private final Path path;
    private @Nullable Path bindDirectory;
    private @Nullable Object fileKey;

    public UnixSocketFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** Where clients connect. */
    public Path path() {
        return path;
    }

    /**
     * Makes the directory where it is missing, removes a socket that nobody listens on, and returns the path to bind
     * to.
     *
     * @param directoryMode of a directory made now, such as {@code rwxr-xr-x}; one that exists is left as it is
     * @throws FileAlreadyExistsException if a server listens at the path, or if it is no socket
     */
    public Path prepare(String directoryMode) throws IOException {
        Path directory = path.resolveSibling("");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(
                    directory, PosixFilePermissions.fromString(directoryMode));
        }
        removeIfStale();
        bindDirectory = Files.createTempDirectory(directory, ".");
        return bindDirectory.resolve("s");
    }

    /**
     * Gives the bound socket its mode and its name.
     *
     * @param mode such as {@code rw-------}
     * @throws FileAlreadyExistsException if another server took the name meanwhile
     */
    public void publish(String mode) throws IOException {
        publish(mode, null, mode);
    }

    /**
     * Gives the bound socket its group, its mode and its name.
     *
     * @param group who shares the socket with its owner
     * @param modeWithoutGroup applies instead of {@code mode} where there is no such group, or it may not be set
     * @throws FileAlreadyExistsException if another server took the name meanwhile
     */
    public void publish(String mode, @Nullable String group, String modeWithoutGroup)
            throws IOException {
        if (bindDirectory == null) {
            throw new IllegalStateException("prepare() comes before publish()");
        }
        Path bound = bindDirectory.resolve("s");
        try {
            boolean isShared = group != null && setGroup(bound, group);
            Files.setPosixFilePermissions(
                    bound, PosixFilePermissions.fromString(isShared ? mode : modeWithoutGroup));
            fileKey = fileKey(bound);
            Files.createLink(path, bound);
        } finally {
            discardBindDirectory();
        }
    }

    /** Whether the published socket still is what stands at the path. */
    public boolean isPresent() {
        return fileKey != null && fileKey.equals(fileKey(path));
    }

    /** Removes the published socket, unless another one has taken its place. Idempotent. */
    public void remove() throws IOException {
        discardBindDirectory();
        if (isPresent()) {
            Files.deleteIfExists(path);
        }
        fileKey = null;
    }

    private void removeIfStale() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!attributes.isOther()) {
            throw new FileAlreadyExistsException(path.toString(), null, "it is not a socket");
        }
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Without blocking: a server that hangs with a full backlog would hold a blocking
            // connect for ever.
            client.configureBlocking(false);
            client.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            Files.deleteIfExists(path);
            return;
        }
        throw new FileAlreadyExistsException(path.toString(), null, "a server listens on it");
    }

    private void discardBindDirectory() throws IOException {
        if (bindDirectory != null) {
            Files.deleteIfExists(bindDirectory.resolve("s"));
            Files.deleteIfExists(bindDirectory);
            bindDirectory = null;
        }
    }

    private static boolean setGroup(Path bound, String group) throws IOException {
        GroupPrincipal principal;
        try {
            principal =
                    bound.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group);
        } catch (UserPrincipalNotFoundException e) {
            return false;
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(bound, PosixFileAttributeView.class);
        try {
            // A service that runs in the group already may well be forbidden the call that would
            // say so again.
            if (!view.readAttributes().group().equals(principal)) {
                view.setGroup(principal);
            }
            return true;
        } catch (FileSystemException e) {
            // A daemon that runs as a user outside the group may not give its socket to it.
            return false;
        }
    }

    private static @Nullable Object fileKey(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
