package io.ovl.config.model;

/**
 * An endpoint as a configuration names it: a host name or a literal address, and a port.
 *
 * <p>Thread: any; immutable.
 */
public record HostPort(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
