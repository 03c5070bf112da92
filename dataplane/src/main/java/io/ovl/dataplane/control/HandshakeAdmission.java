package io.ovl.dataplane.control;

import io.ovl.config.model.IpAddress;
import io.ovl.crypto.cookie.CookieChecker;
import io.ovl.crypto.cookie.HandshakeRateLimiter;
import io.ovl.crypto.cookie.MacState;
import io.ovl.crypto.cookie.UnderLoad;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.message.MessageCookieReplyFlyweight;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.stats.DropReason;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Decides which initiations and responses are worth a scalar multiplication (WireGuard whitepaper §5.3).
 *
 * <p>Nothing is answered before a message has proved that its sender knows this host's public key. Under load it must
 * also prove, with a cookie, that it receives at its source address, and each source has a rate.
 *
 * <p>Thread: the conductor. Ownership: borrows messages for the length of a call. Drops: INVALID_MAC1, COOKIE_REQUIRED,
 * HANDSHAKE_RATE_LIMITED.
 */
final class HandshakeAdmission {
    private final RandomSource random;
    private final HandshakeSender sender;
    private final ConductorCounters counters;
    private final UnderLoad underLoad = new UnderLoad();
    private final UnsafeBuffer out =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MessageCookieReplyFlyweight.LENGTH));
    private @Nullable CookieChecker checker;
    private @Nullable HandshakeRateLimiter rateLimiter;
    private int waiting;

    HandshakeAdmission(RandomSource random, HandshakeSender sender, ConductorCounters counters) {
        this.random = random;
        this.sender = sender;
        this.counters = counters;
    }

    /** Admits what is meant for {@code value} from now on, nothing when that has no key. */
    void identity(LocalIdentity value) {
        checker = value.hasKey() ? new CookieChecker(value.publicKey(), random) : null;
    }

    /** Sets the number of handshake messages that wait, which decides whether this host is under load. */
    void onQueueDepth(int messages) {
        waiting = messages;
    }

    /** Whether the message, an initiation or a response, is to be worked on; if not it has been dealt with. */
    boolean admits(Endpoint source, DirectBuffer buffer, int offset, int length, long nowNs) {
        CookieChecker cookieChecker = checker;
        if (cookieChecker == null) {
            counters.drop(DropReason.INVALID_MAC1);
            return false;
        }
        IpAddress ip = source.address().ip();
        int port = source.address().port();
        boolean isUnderLoad = underLoad.isUnderLoad(waiting, nowNs);
        MacState macs =
                cookieChecker.check(
                        buffer,
                        offset,
                        length,
                        ip.isIpv6(),
                        ip.high(),
                        ip.low(),
                        port,
                        isUnderLoad,
                        nowNs);
        if (macs == MacState.INVALID_MAC1) {
            counters.drop(DropReason.INVALID_MAC1);
            return false;
        }
        if (isUnderLoad && macs != MacState.VALID_MAC2) {
            counters.drop(DropReason.COOKIE_REQUIRED);
            cookieChecker.createReply(
                    out, 0, buffer, offset, length, ip.isIpv6(), ip.high(), ip.low(), port, nowNs);
            sender.send(source, out, 0, MessageCookieReplyFlyweight.LENGTH);
            counters.cookieSent();
            return false;
        }
        if (isUnderLoad && !rateLimiter().allow(ip.isIpv6(), ip.high(), ip.low(), nowNs)) {
            counters.drop(DropReason.HANDSHAKE_RATE_LIMITED);
            return false;
        }
        return true;
    }

    /** Made when it is first needed: most hosts are never under load, and it is large. */
    private HandshakeRateLimiter rateLimiter() {
        HandshakeRateLimiter limiter = rateLimiter;
        if (limiter == null) {
            limiter = new HandshakeRateLimiter(random);
            rateLimiter = limiter;
        }
        return limiter;
    }
}
