package io.ovl.config.model;

/**
 * One change to a peer's AllowedIPs: added (moved from whichever peer had it), or removed.
 *
 * <p>Thread: any; immutable.
 */
public record AllowedIpChange(IpPrefix prefix, boolean isRemoval) {}
