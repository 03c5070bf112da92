package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.parse.BadConfigException;
import io.ovl.config.parse.ConfigParser;
import io.ovl.config.parse.ConfigPlaces;
import io.ovl.config.parse.ConfigPrinter;
import io.ovl.config.parse.SecretFiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * The file that an interface is configured by.
 *
 * <p>Thread: the main thread. Errors: {@link DaemonException} that names line and key.
 */
record ConfigFile(Path path) {
    /**
     * Reads the file as it is now; keys in files that others may read are refused. The caller closes the result;
     * {@code places} is a new one.
     */
    OvlConfig read(ConfigPlaces places) throws DaemonException {
        try {
            return ConfigParser.parse(path, SecretFiles.refusingExposed(), places);
        } catch (BadConfigException e) {
            throw new DaemonException(
                    String.valueOf(e.getMessage()).stripTrailing(), ExitCode.INVALID_CONFIG);
        }
    }

    /**
     * Replaces the file, all or nothing; only its owner may read it. What it would refuse to {@link #read} it refuses
     * to write: at run time some things are possible that a file may not say.
     */
    void write(OvlConfig config) throws IOException, DaemonException {
        Path real = path.toRealPath();
        Path unfinished = real.resolveSibling(real.getFileName() + ".tmp");
        byte[] text = ConfigPrinter.printWithSecrets(config);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
        try {
            new ConfigFile(unfinished).read(new ConfigPlaces()).close();
            Files.move(unfinished, real, StandardCopyOption.ATOMIC_MOVE);
            writeBack(real.resolveSibling(""));
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Or a crash may still bring the old file back. */
    private static void writeBack(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
