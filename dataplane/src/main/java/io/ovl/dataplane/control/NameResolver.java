package io.ovl.dataplane.control;

import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.peer.Peer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.security.Security;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Resolves names with the system's resolver on a thread of its own, at intervals that grow to a minute until there is
 * an answer.
 *
 * <p>Thread: the conductor; answers are applied through the executor it gives. Errors: a name that has no address now
 * leaves the endpoint as it is; that is said at the first try and not at the others.
 */
public final class NameResolver implements EndpointResolver, AutoCloseable {
    /** How a name becomes an address. */
    @FunctionalInterface
    interface Lookup {
        byte[] addressOf(String host) throws IOException;
    }

    /** Where lookups wait for their time, and then are done, one at a time. */
    interface LookupThread extends AutoCloseable {
        void schedule(Runnable lookup, long delayMs);

        @Override
        void close();
    }

    private static final long FIRST_RETRY_MS = 1_000;
    private static final long MAX_RETRY_MS = 60_000;

    private final Executor conductor;
    private final Consumer<String> failures;
    private final Lookup lookup;
    private final LookupThread lookups;

    /** The last question about each peer; the conductor's. */
    private final IdentityHashMap<Peer, Question> questions = new IdentityHashMap<>();

    public NameResolver(Executor conductor, Consumer<String> failures) {
        this(
                conductor,
                failures,
                host -> InetAddress.getByName(host).getAddress(),
                new ResolverThread());
        // We have intervals of our own, and an answer of "no" is not to outlast them.
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    NameResolver(
            Executor conductor, Consumer<String> failures, Lookup lookup, LookupThread lookups) {
        this.conductor = conductor;
        this.failures = failures;
        this.lookup = lookup;
        this.lookups = lookups;
    }

    @Override
    public void resolve(Peer peer, HostPort host, Runnable onFound) {
        Question asked = questions.get(peer);
        if (asked != null && asked.host.equals(host) && asked.isOpen()) {
            return;
        }
        Question question = new Question(peer, host, onFound);
        UdpAddress literal = UdpAddress.parse(host.toString());
        if (literal != null) {
            questions.remove(peer);
            question.use(literal);
            return;
        }
        questions.put(peer, question);
        ask(question, 0);
    }

    @Override
    public void forget(Peer peer) {
        questions.remove(peer);
    }

    private void ask(Question question, long delayMs) {
        lookups.schedule(() -> lookUp(question), delayMs);
    }

    private void lookUp(Question question) {
        answer(question, addressOf(question.host));
    }

    /** A scope is an interface that may be there by now; the system's resolver would lose it. */
    private @Nullable UdpAddress addressOf(HostPort host) {
        if (host.host().indexOf('%') >= 0) {
            return UdpAddress.parse(host.toString());
        }
        try {
            return new UdpAddress(IpAddress.of(lookup.addressOf(host.host())), host.port(), 0);
        } catch (IOException e) {
            return null;
        }
    }

    private void answer(Question question, @Nullable UdpAddress address) {
        try {
            conductor.execute(() -> onAnswer(question, address));
        } catch (RejectedExecutionException e) {
            // The daemon is stopping.
        }
    }

    @SuppressWarnings("ReferenceEquality") // a later question about the same peer counts
    private void onAnswer(Question question, @Nullable UdpAddress address) {
        if (questions.get(question.peer) != question) {
            return;
        }
        if (address == null && question.isOpen()) {
            if (question.tries == 0) {
                failures.accept(
                        "cannot resolve " + question.host.host() + " yet: no address found");
            }
            ask(question, Math.min(FIRST_RETRY_MS << Math.min(question.tries, 6), MAX_RETRY_MS));
            question.tries++;
            return;
        }
        questions.remove(question.peer);
        if (address != null && question.isOpen()) {
            question.use(address);
        }
    }

    @Override
    public void close() {
        lookups.close();
    }

    /** One name that is looked up for one peer. */
    private static final class Question {
        final Peer peer;
        final HostPort host;
        final Runnable onFound;
        final @Nullable Endpoint before;
        int tries;

        Question(Peer peer, HostPort host, Runnable onFound) {
            this.peer = peer;
            this.host = host;
            this.onFound = onFound;
            before = peer.endpoint();
        }

        /** Whether the answer still matters. */
        boolean isOpen() {
            Endpoint now = peer.endpoint();
            boolean hasMoved =
                    now != null && (before == null || !now.address().equals(before.address()));
            return !peer.isRemoved() && !hasMoved;
        }

        void use(UdpAddress address) {
            Endpoint now = peer.endpoint();
            if (now == null || !now.address().equals(address)) {
                peer.endpoint(Endpoint.of(address));
                onFound.run();
            }
        }
    }

    private static final class ResolverThread implements LookupThread {
        private final ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> Thread.ofPlatform().daemon().name("ovl-resolver").unstarted(task));

        @Override
        public void schedule(Runnable lookup, long delayMs) {
            try {
                var _ = executor.schedule(lookup, delayMs, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // The daemon is stopping.
            }
        }

        @Override
        public void close() {
            executor.shutdownNow();
        }
    }
}
