package io.ovl.dataplane.io;

/**
 * Told by an {@link EpollLoop} that a file descriptor has something to say.
 *
 * <p>Thread: the loop's owner.
 */
@FunctionalInterface
public interface FdListener {
    /**
     * Called once in each iteration for as long as there is something to read; after {@code isErrorOrHangup} never
     * again.
     *
     * @param isErrorOrHangup the descriptor is dead and no longer watched: a device was deleted
     */
    void onReady(boolean isReadable, boolean isErrorOrHangup);
}
