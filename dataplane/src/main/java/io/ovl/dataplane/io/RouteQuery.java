package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks the kernel how it would route a packet, and which addresses are this host's.
 *
 * <p>Thread: one owner. Errors: {@link #open} throws; answers are negated errnos.
 */
final class RouteQuery implements AutoCloseable {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETROUTE = 26;
    private static final int IFADDR_LENGTH = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFINFO_LENGTH = 16;
    private static final int IFINFO_INDEX_OFFSET = NetlinkSocket.BODY_OFFSET + 4;
    private static final int IFLA_MTU = 4;
    private static final int RTMSG_LENGTH = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_SRC = 2;
    private static final int RTA_OIF = 4;
    private static final int RTA_MARK = 16;
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;

    private final NetlinkSocket socket;

    private RouteQuery(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens in the network namespace of the calling thread. */
    static RouteQuery open() throws DeviceException {
        return new RouteQuery(NetlinkSocket.open(0));
    }

    /**
     * Index of the interface that packets would leave through, 0 when the kernel names none.
     *
     * @param source null to let the kernel choose
     * @param scopeId the interface of a link-local destination, 0 for none
     */
    int outputInterface(
            IpAddress destination, int scopeId, @Nullable IpAddress source, int fwmark) {
        socket.begin(RTM_GETROUTE, 0, RTMSG_LENGTH);
        int body = NetlinkSocket.BODY_OFFSET;
        socket.body().putByte(body, destination.isIpv6() ? AF_INET6 : AF_INET);
        socket.body().putByte(body + 1, (byte) destination.width());
        socket.attribute(RTA_DST, destination.bytes());
        if (source != null) {
            socket.body().putByte(body + 2, (byte) source.width());
            socket.attribute(RTA_SRC, source.bytes());
        }
        if (fwmark != 0) {
            socket.attribute(RTA_MARK, fwmark);
        }
        if (scopeId != 0) {
            socket.attribute(RTA_OIF, scopeId);
        }
        int result = socket.exchange();
        return result < 0 ? result : socket.intAttribute(RTMSG_LENGTH, RTA_OIF, 0);
    }

    /** MTU of the interface that packets there would leave through. Units: bytes. */
    int outputMtu(IpAddress destination) {
        int outputInterface = outputInterface(destination, 0, null, 0);
        if (outputInterface <= 0) {
            return outputInterface;
        }
        socket.begin(RTM_GETLINK, 0, IFINFO_LENGTH);
        socket.body().putInt(IFINFO_INDEX_OFFSET, outputInterface);
        int result = socket.exchange();
        return result < 0 ? result : socket.intAttribute(IFINFO_LENGTH, IFLA_MTU, 0);
    }

    /** Every address of this host, in no order; those that could be read, where the kernel does not tell all. */
    List<IpAddress> addresses() {
        List<IpAddress> addresses = new ArrayList<>();
        socket.begin(RTM_GETADDR, 0, IFADDR_LENGTH);
        int _ =
                socket.dump(
                        (body, end) -> {
                            IpAddress address = address(body, end);
                            if (address != null) {
                                addresses.add(address);
                            }
                        });
        return addresses;
    }

    /** On a link from point to point IFA_ADDRESS is the far end's. */
    private @Nullable IpAddress address(int body, int end) {
        byte family = socket.answer().getByte(body);
        if (family != AF_INET && family != AF_INET6) {
            return null;
        }
        int attributes = body + IFADDR_LENGTH;
        int offset = socket.attributeOffset(attributes, end, IFA_LOCAL);
        if (offset < 0) {
            offset = socket.attributeOffset(attributes, end, IFA_ADDRESS);
        }
        byte[] bytes = new byte[family == AF_INET ? 4 : 16];
        if (offset < 0 || offset + bytes.length > end) {
            return null;
        }
        socket.answer().getBytes(offset, bytes);
        return IpAddress.of(bytes);
    }

    @Override
    public void close() {
        socket.close();
    }
}
