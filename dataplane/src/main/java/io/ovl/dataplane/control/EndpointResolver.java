package io.ovl.dataplane.control;

import io.ovl.config.model.HostPort;
import io.ovl.dataplane.peer.Peer;

/**
 * Finds the addresses of endpoints that are configured by name, away from the conductor, which must not block.
 *
 * <p>Thread: the conductor asks; answers are applied on the conductor.
 */
public interface EndpointResolver {
    /**
     * Looks the name up, again and again until it has an address, and makes that the peer's endpoint; unless the peer
     * has got another endpoint since, or is gone.
     *
     * @param onFound run when the endpoint has become another
     */
    void resolve(Peer peer, HostPort host, Runnable onFound);

    /** The peer's endpoint is no longer a name: an answer that is still to come means nothing. */
    void forget(Peer peer);
}
