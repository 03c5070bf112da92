package io.ovl.dataplane.peer;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Bytes received from and sent to a peer: a pair for each worker and one for the conductor, added up by who reads them.
 *
 * <pre>
 *  0          16               32               16 (i + 2)
 *  | padding  | rx, tx, padding | rx, tx, padding | rx, tx, padding ...
 *               the conductor's   worker 0's        worker i's
 * </pre>
 *
 * <p>No two writers share a cache line: what one counter for all would cost as soon as two workers send to the same
 * peer is in docs/adr/0003-workers.md.
 *
 * <p>Thread: each writer adds to its own, any thread reads. Units: bytes on the underlay, UDP header excluded.
 */
public final class ByteCounts {
    /** The writer that is no worker. */
    public static final int CONDUCTOR = -1;

    /** Two cache lines, as the processor fetches them in pairs. */
    private static final int STRIDE = 16;

    private static final int RX = 0;
    private static final int TX = 1;

    private final AtomicLongArray cells;

    ByteCounts(int workerCount) {
        cells = new AtomicLongArray((workerCount + 2) * STRIDE);
    }

    /** Counts bytes of authenticated messages received. */
    public void addRx(int writer, long bytes) {
        add(cell(writer) + RX, bytes);
    }

    /** Counts bytes of messages sent. */
    public void addTx(int writer, long bytes) {
        add(cell(writer) + TX, bytes);
    }

    private static int cell(int writer) {
        return (writer + 2) * STRIDE;
    }

    private void add(int index, long bytes) {
        cells.setOpaque(index, cells.getPlain(index) + bytes);
    }

    /** All bytes received. */
    public long rx() {
        return sum(RX);
    }

    /** All bytes sent. */
    public long tx() {
        return sum(TX);
    }

    private long sum(int which) {
        long sum = 0;
        for (int i = STRIDE + which; i < cells.length(); i += STRIDE) {
            sum += cells.getOpaque(i);
        }
        return sum;
    }
}
