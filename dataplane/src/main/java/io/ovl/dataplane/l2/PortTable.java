package io.ovl.dataplane.l2;

import org.jspecify.annotations.Nullable;

/**
 * All ports by id.
 *
 * <p>Ids are handed out in a circle, so that the id of a removed port stays unused for as long as possible: a worker
 * may still hold it for the frame it is working on, and a learn event for it may still be under way.
 *
 * <p>Thread: the conductor adds and removes, any thread looks up.
 */
public final class PortTable {
    private final PortIdMap<Port> ports = new PortIdMap<>();
    private int lastId;
    private int count;

    /** Makes a port under a free id. */
    public Port add(Port.Kind kind, String name) {
        if (count == Port.MAX_ID) {
            throw new IllegalStateException("all " + Port.MAX_ID + " port ids are in use");
        }
        do {
            lastId = lastId == Port.MAX_ID ? 1 : lastId + 1;
        } while (ports.get(lastId) != null);
        Port port = new Port(lastId, kind, name);
        ports.put(lastId, port);
        count++;
        return port;
    }

    /** Frees the id. The caller has taken the port out of its segments and flushed its entries. */
    public void remove(Port port) {
        if (!port.equals(ports.get(port.id()))) {
            throw new IllegalArgumentException(port + " is not in the table");
        }
        ports.put(port.id(), null);
        count--;
    }

    /** The port with that id, null when there is none. */
    public @Nullable Port port(int id) {
        return ports.get(id);
    }

    public int count() {
        return count;
    }
}
