package io.ovl.dataplane.control;

import io.ovl.config.model.HostPort;
import io.ovl.dataplane.peer.Peer;

/**
 * Finds the addresses of endpoints that are configured by name, away from the conductor, which must not block.
 *
 * <p>Thread: the conductor asks; answers are applied on the conductor.
 */
@FunctionalInterface
public interface EndpointResolver {
    /** Resolves the name and, when it has an address, makes that the peer's endpoint. */
    void resolve(Peer peer, HostPort host);
}
