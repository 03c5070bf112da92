package io.ovl.dataplane.l2;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What belongs to each port, by its id: as large as the highest id in use asks for.
 *
 * <p>Thread: the conductor puts, any thread looks up, without a lock. Who learned of an id after a value was put under
 * it finds that value, or a later one.
 */
public final class PortIdMap<T> {
    private static final int INITIAL_CAPACITY = 64;

    private volatile AtomicReferenceArray<@Nullable T> values =
            new AtomicReferenceArray<>(INITIAL_CAPACITY);

    /** The id's value; null when it has none. */
    public @Nullable T get(int portId) {
        AtomicReferenceArray<@Nullable T> present = values;
        return portId < present.length() ? present.getAcquire(portId) : null;
    }

    /** Gives the id a value or, with null, takes it away. */
    public void put(int portId, @Nullable T value) {
        if (portId >= values.length() && value != null) {
            grow(Integer.highestOneBit(portId) << 1);
        }
        if (portId < values.length()) {
            values.setRelease(portId, value);
        }
    }

    private void grow(int capacity) {
        AtomicReferenceArray<@Nullable T> old = values;
        AtomicReferenceArray<@Nullable T> grown = new AtomicReferenceArray<>(capacity);
        for (int i = 0; i < old.length(); i++) {
            grown.setPlain(i, old.getPlain(i));
        }
        values = grown;
    }
}
