package io.ovl.dataplane.control;

import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.peer.Peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Resolves names with the system's resolver on a thread of its own.
 *
 * <p>Thread: the conductor; answers are applied through the executor it gives. Errors: a name that has no address now leaves the
 * endpoint as it is, and is said once for each try.
 */
public final class NameResolver implements EndpointResolver, AutoCloseable {
    private final Executor conductor;
    private final Consumer<String> failures;
    private final ExecutorService lookups =
            Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().daemon().name("ovl-resolver").unstarted(task));

    public NameResolver(Executor conductor, Consumer<String> failures) {
        this.conductor = conductor;
        this.failures = failures;
    }

    @Override
    public void resolve(Peer peer, HostPort host) {
        IpAddress literal = IpAddress.parse(host.host());
        if (literal != null) {
            peer.endpoint(Endpoint.of(new UdpAddress(literal, host.port(), 0)));
            return;
        }
        try {
            lookups.execute(() -> lookUp(peer, host));
        } catch (RejectedExecutionException e) {
            failures.accept("cannot resolve " + host.host() + ": the daemon is stopping");
        }
    }

    private void lookUp(Peer peer, HostPort host) {
        try {
            IpAddress address = IpAddress.of(InetAddress.getByName(host.host()).getAddress());
            conductor.execute(
                    () -> peer.endpoint(Endpoint.of(new UdpAddress(address, host.port(), 0))));
        } catch (UnknownHostException e) {
            failures.accept("cannot resolve " + host.host() + ": no address found");
        }
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
