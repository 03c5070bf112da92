package io.ovl.dataplane.io;

/**
 * Opens the TAPs of segments.
 *
 * <p>Thread: the conductor. Errors: nothing is left open behind an exception.
 */
@FunctionalInterface
public interface TapFactory {
    /** Makes the interface, or attaches to it when it exists; one queue for each worker. */
    TapDevice open(String name) throws DeviceException;
}
