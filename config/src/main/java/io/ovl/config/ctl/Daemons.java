package io.ovl.config.ctl;

import io.ovl.config.model.InterfaceName;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The daemons that run here, found by the sockets and counters files in their run directory. What a daemon that was
 * killed has left there counts for nothing, unless it is asked for by name.
 *
 * <p>Thread: one. Errors: {@link ControlException} says which names there are to choose from.
 */
final class Daemons {
    /** Where daemons put their control socket and their counters file. */
    static final Path RUN_DIRECTORY = Path.of("/run/ovl");

    static final String SOCKET_SUFFIX = ".sock";
    static final String COUNTERS_SUFFIX = ".counters";

    private final Path directory;
    private final GlobalOptions options;

    Daemons(Path directory, GlobalOptions options) {
        this.directory = directory;
        this.options = options;
    }

    /** Connects to the daemon of {@code interfaceName}, or when that is null to the only one that runs. */
    ControlClient connect(@Nullable String interfaceName) throws ControlException {
        return ControlClient.connect(socket(interfaceName), options.timeout);
    }

    /** The control sockets that {@code interfaceName} means: one, or all when it is null or {@code all}. */
    List<Path> sockets(@Nullable String interfaceName) throws ControlException {
        boolean isAll = interfaceName == null || interfaceName.equals("all");
        if (!isAll || options.socket != null || options.interfaceName != null) {
            return List.of(socket(isAll ? null : interfaceName));
        }
        List<Path> sockets = new ArrayList<>();
        for (String name : names(SOCKET_SUFFIX)) {
            sockets.add(file(name, SOCKET_SUFFIX));
        }
        if (sockets.isEmpty()) {
            throw noneRuns();
        }
        return sockets;
    }

    /** The counters file of {@code interfaceName}, or when that is null of the only daemon that runs. */
    Path counters(@Nullable String interfaceName) throws ControlException {
        return one(interfaceName, COUNTERS_SUFFIX);
    }

    /** The names of the interfaces that have a file here and whose daemons have not died, in order. */
    List<String> names(String suffix) throws ControlException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + suffix)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                names.add(name.substring(0, name.length() - suffix.length()));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (AccessDeniedException e) {
            throw new ControlException(
                    ExitCode.NOT_PERMITTED, "not-permitted", directory + ": permission denied");
        } catch (IOException e) {
            throw new ControlException(
                    ExitCode.FAILED, "failed", directory + ": " + e.getMessage());
        }
        names.removeIf(this::isDead);
        Collections.sort(names);
        return names;
    }

    /** Whether a socket is there that nobody listens on any more. */
    private boolean isDead(String interfaceName) {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Without blocking: one daemon that hangs must not hide the others.
            client.configureBlocking(false);
            client.connect(UnixDomainSocketAddress.of(file(interfaceName, SOCKET_SUFFIX)));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            // There is none, or we may not talk to it: no sign of death.
            return false;
        }
    }

    private Path socket(@Nullable String interfaceName) throws ControlException {
        return options.socket != null ? options.socket : one(interfaceName, SOCKET_SUFFIX);
    }

    private Path one(@Nullable String given, String suffix) throws ControlException {
        String interfaceName = given != null ? given : options.interfaceName;
        if (interfaceName != null) {
            if (!InterfaceName.isValid(interfaceName)) {
                throw new ControlException(
                        ExitCode.USAGE, "invalid-interface", "that is no name of an interface");
            }
            Path file = file(interfaceName, suffix);
            if (!Files.exists(file)) {
                throw new ControlException(
                        ExitCode.UNREACHABLE,
                        "unreachable",
                        "no daemon runs for " + interfaceName + " (there is no " + file + ")");
            }
            return file;
        }
        List<String> names = names(suffix);
        if (names.isEmpty()) {
            throw noneRuns();
        }
        if (names.size() > 1) {
            throw new ControlException(
                    ExitCode.USAGE,
                    "ambiguous-interface",
                    "several interfaces run, say which one: " + String.join(", ", names));
        }
        return file(names.getFirst(), suffix);
    }

    private Path file(String interfaceName, String suffix) {
        return directory.resolve(interfaceName + suffix);
    }

    private ControlException noneRuns() {
        return new ControlException(
                ExitCode.UNREACHABLE,
                "unreachable",
                "no daemon runs here (nobody listens in " + directory + ")");
    }
}
