package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/**
 * What the host knows of the way to others.
 *
 * <p>Thread: the conductor. Errors: none; what cannot be found out is not known.
 */
public interface UnderlayRoutes {
    /** MTU of the interface through which the address is reached, 0 when that is not known. Units: bytes. */
    int mtuTo(IpAddress destination);

    /** The address that packets there are sent from, null when that is not known. */
    @Nullable IpAddress sourceTo(IpAddress destination);

    /** The host's own addresses. */
    Collection<IpAddress> ownAddresses();
}
