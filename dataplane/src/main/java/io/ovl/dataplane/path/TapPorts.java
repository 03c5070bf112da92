package io.ovl.dataplane.path;

import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The TAPs of a worker: by VNI for frames that come in, in turn for those that go out.
 *
 * <p>Thread: its worker.
 */
final class TapPorts {
    private final Int2ObjectHashMap<TapPort> byVni = new Int2ObjectHashMap<>();
    private final List<TapPort> taps = new ArrayList<>();
    private final List<TapPort> waiting = new ArrayList<>();
    private @Nullable TapPort last;

    void add(TapPort tap) {
        byVni.put(tap.segment().vni(), tap);
        taps.add(tap);
        last = null;
    }

    /** Takes out the TAP with that port, once what waits for it is delivered; null when there is none. */
    @Nullable TapPort remove(int portId) {
        flush();
        last = null;
        for (int i = 0; i < taps.size(); i++) {
            if (taps.get(i).port().id() == portId) {
                TapPort tap = taps.remove(i);
                byVni.remove(tap.segment().vni());
                return tap;
            }
        }
        return null;
    }

    int count() {
        return taps.size();
    }

    TapPort get(int index) {
        return taps.get(index);
    }

    /** The TAP of a segment; null when there is none. */
    @Nullable TapPort ofVni(int vni) {
        TapPort found = last;
        if (found == null || found.segment().vni() != vni) {
            found = byVni.get(vni);
            last = found;
        }
        return found;
    }

    /** Delivers a frame, at the latest at the next {@link #flush}; borrows its memory until then. */
    void deliver(TapPort tap, UnsafeBuffer buffer, int offset, int length, int linkLength) {
        if (tap.deliver(buffer, offset, length, linkLength)) {
            waiting.add(tap);
        }
    }

    /** Delivers what waits; no memory is borrowed any more. */
    void flush() {
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).flush();
        }
        waiting.clear();
    }
}
