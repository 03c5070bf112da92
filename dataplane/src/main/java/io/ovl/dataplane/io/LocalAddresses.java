package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.agrona.DirectBuffer;

import java.nio.ByteOrder;
import java.util.Collection;

/**
 * The host's own addresses on the underlay, by which its own traffic is known.
 *
 * <p>Thread: one writer; any reads what was last published. Units: addresses in network byte order.
 */
public final class LocalAddresses {
    private volatile long[] words = new long[0];

    /** Publishes another set. */
    public void replace(Collection<IpAddress> addresses) {
        long[] next = new long[2 * addresses.size()];
        int i = 0;
        for (IpAddress address : addresses) {
            next[i++] = address.high();
            next[i++] = address.low();
        }
        words = next;
    }

    /** Whether the IPv4 address at the offset is one of them. */
    public boolean containsIpv4(DirectBuffer buffer, int offset) {
        long low = buffer.getInt(offset, ByteOrder.BIG_ENDIAN) & 0xffff_ffffL;
        return contains(0, low);
    }

    /** Whether the IPv6 address at the offset is one of them. */
    public boolean containsIpv6(DirectBuffer buffer, int offset) {
        return contains(
                buffer.getLong(offset, ByteOrder.BIG_ENDIAN),
                buffer.getLong(offset + 8, ByteOrder.BIG_ENDIAN));
    }

    private boolean contains(long high, long low) {
        long[] current = words;
        for (int i = 0; i < current.length; i += 2) {
            if (current[i] == high && current[i + 1] == low) {
                return true;
            }
        }
        return false;
    }
}
