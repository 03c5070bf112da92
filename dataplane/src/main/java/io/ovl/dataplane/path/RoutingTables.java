package io.ovl.dataplane.path;

import io.ovl.dataplane.io.LocalAddresses;
import io.ovl.dataplane.peer.AllowedIps;
import io.ovl.dataplane.peer.IndexTable;
import io.ovl.dataplane.peer.Peer;

/**
 * The tables that every worker reads and the conductor writes.
 *
 * <p>Thread: any, as each table says.
 */
public record RoutingTables(
        AllowedIps<Peer> allowedIps, IndexTable sessions, LocalAddresses localAddresses) {
    /** Empty tables. */
    public static RoutingTables empty() {
        return new RoutingTables(new AllowedIps<>(), new IndexTable(), new LocalAddresses());
    }
}
