package io.ovl.dataplane.daemon;

import java.util.ArrayDeque;

/**
 * Closes what was opened, last first.
 *
 * <p>Thread: that which made it. Errors: a close that fails is reported and does not keep the others from closing.
 */
final class ResourceStack implements AutoCloseable {
    private record Entry(String name, AutoCloseable resource) {}

    private final DaemonLog log;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    ResourceStack(DaemonLog log) {
        this.log = log;
    }

    <T extends AutoCloseable> T push(String name, T resource) {
        entries.push(new Entry(name, resource));
        return resource;
    }

    @Override
    public void close() {
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            try {
                entry.resource.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.error("closing " + entry.name + ": " + e);
            }
        }
    }
}
