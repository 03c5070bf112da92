package io.ovl.dataplane.testing;

import io.ovl.config.model.UdpAddress;

/**
 * Someone who sees every datagram that an {@link InMemoryNetwork} is given.
 *
 * <p>Thread: the simulation's. Ownership: must not change the payload.
 */
@FunctionalInterface
public interface WireTap {
    void onSent(long sentNs, UdpAddress source, UdpAddress destination, byte[] payload);
}
