package io.ovl.config.ctl;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file in which a daemon publishes its counters, mapped by the daemon and by whoever reads them beside it.
 *
 * <p>Thread: any; the buffers are for Agrona's {@code CountersManager} and {@code CountersReader}. Ownership: the
 * daemon deletes the file when it ends; the mapping lasts until {@link #close}.
 *
 * <p>Wire: numbers in the machine's byte order, as both sides share its memory.
 *
 * <pre>
 *    0        4                 8               12       16                64            64 + metadata length
 *   +--------+-----------------+---------------+--------+------------------+-------------+---------+
 *   | "ovlC" | metadata length | values length | unused | start, epoch ms  |  metadata   | values  |
 *   +--------+-----------------+---------------+--------+------------------+-------------+---------+
 * </pre>
 */
public final class CountersFile implements AutoCloseable {
    /** Type id, in a counter's metadata, of one that counts dropped packets. */
    public static final int DROP_TYPE_ID = 1;

    /** Type id of one that belongs to a peer. */
    public static final int PEER_TYPE_ID = 4;

    private static final int MAGIC = 'o' << 24 | 'v' << 16 | 'l' << 8 | 'C';
    private static final int METADATA_LENGTH_OFFSET = 4;
    private static final int VALUES_LENGTH_OFFSET = 8;
    private static final int START_OFFSET = 16;
    private static final int HEADER_LENGTH = 64;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer metadata;
    private final UnsafeBuffer values;
    private final long startedAtMs;

    private CountersFile(MappedByteBuffer mapping) {
        UnsafeBuffer file = new UnsafeBuffer(mapping);
        int metadataLength = file.getInt(METADATA_LENGTH_OFFSET);
        int valuesLength = file.getInt(VALUES_LENGTH_OFFSET);
        this.mapping = mapping;
        this.metadata = new UnsafeBuffer(file, HEADER_LENGTH, metadataLength);
        this.values = new UnsafeBuffer(file, HEADER_LENGTH + metadataLength, valuesLength);
        this.startedAtMs = file.getLong(START_OFFSET);
    }

    /** Makes the file with room for {@code capacity} counters; one that a daemon left behind is replaced. */
    public static CountersFile create(Path path, int capacity, long startedAtMs)
            throws IOException {
        int valuesLength = Math.multiplyExact(capacity, CountersReader.COUNTER_LENGTH);
        int metadataLength = Math.multiplyExact(capacity, CountersReader.METADATA_LENGTH);
        long length = (long) HEADER_LENGTH + metadataLength + valuesLength;
        Path unfinished = path.resolveSibling("." + path.getFileName());
        Files.deleteIfExists(unfinished);
        MappedByteBuffer mapping;
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            // Whatever the umask: the daemon's group may read counters.
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r-----"));
            mapping = channel.map(MapMode.READ_WRITE, 0, BitUtil.align(length, 2 * HEADER_LENGTH));
            UnsafeBuffer header = new UnsafeBuffer(mapping, 0, HEADER_LENGTH);
            header.putInt(0, MAGIC);
            header.putInt(METADATA_LENGTH_OFFSET, metadataLength);
            header.putInt(VALUES_LENGTH_OFFSET, valuesLength);
            header.putLong(START_OFFSET, startedAtMs);
        }
        // Renamed when it is complete: a reader finds all of it or none.
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        return new CountersFile(mapping);
    }

    /** Maps the file to read it. */
    public static CountersFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            long length = channel.size();
            if (length < HEADER_LENGTH || length > Integer.MAX_VALUE) {
                throw new IOException("not a counters file");
            }
            MappedByteBuffer mapping = channel.map(MapMode.READ_ONLY, 0, length);
            UnsafeBuffer header = new UnsafeBuffer(mapping, 0, HEADER_LENGTH);
            long metadataLength = header.getInt(METADATA_LENGTH_OFFSET);
            long valuesLength = header.getInt(VALUES_LENGTH_OFFSET);
            if (header.getInt(0) != MAGIC
                    || metadataLength < 0
                    || valuesLength < 0
                    || HEADER_LENGTH + metadataLength + valuesLength > length) {
                throw new IOException("not a counters file");
            }
            return new CountersFile(mapping);
        }
    }

    /** What Agrona calls the metadata buffer: types and labels. */
    public UnsafeBuffer metadata() {
        return metadata;
    }

    /** What Agrona calls the values buffer. */
    public UnsafeBuffer values() {
        return values;
    }

    /** Wall clock time at which the daemon started to count. */
    long startedAtMs() {
        return startedAtMs;
    }

    /** Unmaps; nobody may use the buffers afterwards. */
    @Override
    public void close() {
        BufferUtil.free(mapping);
    }
}
