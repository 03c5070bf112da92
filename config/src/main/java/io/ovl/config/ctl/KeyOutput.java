package io.ovl.config.ctl;

import io.ovl.crypto.key.KeyText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Keys as base64 to standard output, or to a file that did not exist before and that only its owner can read from the
 * moment it exists.
 *
 * <p>Thread: one.
 */
final class KeyOutput {
    private KeyOutput() {}

    /**
     * Writes {@code key} and a line feed, or prints it as JSON when that was asked for, and wipes it.
     *
     * @param name the key's in JSON
     * @param file null: standard output
     */
    static void write(byte[] key, String name, @Nullable Path file, CtlContext context)
            throws ControlException {
        if (file == null && context.options().isJson) {
            try {
                context.printJson(Map.of(name, key));
            } finally {
                Arrays.fill(key, (byte) 0);
            }
            return;
        }
        PrintStream standardOutput = context.terminal().out();
        byte[] base64 = KeyText.encodeBase64(key);
        byte[] line = Arrays.copyOf(base64, base64.length + 1);
        line[base64.length] = '\n';
        try {
            if (file == null) {
                standardOutput.write(line, 0, line.length);
                standardOutput.flush();
            } else {
                create(file, line);
            }
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(base64, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
    }

    private static void create(Path file, byte[] line) throws ControlException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer unwritten = ByteBuffer.wrap(line);
            while (unwritten.hasRemaining()) {
                channel.write(unwritten);
            }
        } catch (FileAlreadyExistsException e) {
            throw new ControlException(
                    ExitCode.CONFLICT, "exists", file + " exists: it is not overwritten");
        } catch (IOException e) {
            throw new ControlException(
                    ExitCode.FAILED, "unwritable-file", "cannot write " + e.getMessage());
        }
    }
}
