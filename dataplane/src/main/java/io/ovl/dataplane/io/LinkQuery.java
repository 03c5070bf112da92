package io.ovl.dataplane.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Asks for the state of a TUN or TAP interface wherever it is: renamed, or in another network namespace.
 *
 * <p>The device's own descriptor tells its name and namespace for as long as it lives; rtnetlink asked about that name
 * in that namespace tells the rest, without entering it (Linux 4.18: IFLA_TARGET_NETNSID; CAP_NET_ADMIN suffices).
 *
 * <p>Thread: one owner. Errors: {@link #open} throws; a question that fails leaves the answers as they were.
 */
final class LinkQuery implements AutoCloseable {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWNSID = 88;
    private static final int RTM_GETNSID = 90;
    private static final int IFINFO_LENGTH = 16;
    private static final int IFINFO_FLAGS_OFFSET = NetlinkSocket.BODY_OFFSET + 8;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_TARGET_NETNSID = 46;
    private static final int IFF_UP = 1;
    private static final int RTGEN_LENGTH = 4;
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_FD = 3;
    private static final int NO_ID = -1;
    private static final int MAC_LENGTH = 6;

    private final LibC libc = new LibC();
    private final LinuxTunTap device;
    private final NetlinkSocket questions;
    private final String home;
    private boolean isDeleted;
    private boolean isUp;
    private int mtu;
    private long mac;

    private LinkQuery(LinuxTunTap device, NetlinkSocket questions, String home) {
        this.device = device;
        this.questions = questions;
        this.home = home;
        mtu = device.mtu();
    }

    /** Opens in the network namespace of the calling thread, which has to be the one the device was opened in. */
    static LinkQuery open(LinuxTunTap device) throws DeviceException {
        String home = linkOf("/proc/thread-self/ns/net");
        return new LinkQuery(device, NetlinkSocket.open(0), home);
    }

    boolean isDeleted() {
        return isDeleted;
    }

    boolean isUp() {
        return isUp;
    }

    int mtu() {
        return mtu;
    }

    /** The interface's MAC address, in the low 48 bits; 0 when it has none or it is not known yet. */
    long mac() {
        return mac;
    }

    /** Asks again. */
    void ask() {
        byte[] name = device.currentName();
        isDeleted = name.length == 0;
        if (isDeleted) {
            return;
        }
        int namespaceId = NO_ID;
        int namespace = device.openNetworkNamespace();
        if (namespace >= 0) {
            try {
                if (!home.equals(linkOf("/proc/self/fd/" + namespace))) {
                    namespaceId = idOf(namespace);
                }
            } finally {
                libc.close(namespace);
            }
        }
        ask(name, namespaceId);
    }

    private void ask(byte[] name, int namespaceId) {
        questions.begin(RTM_GETLINK, 0, IFINFO_LENGTH);
        if (namespaceId != NO_ID) {
            questions.attribute(IFLA_TARGET_NETNSID, namespaceId);
        }
        questions.attribute(IFLA_IFNAME, Arrays.copyOf(name, name.length + 1));
        if (questions.exchange() < 0) {
            return;
        }
        isUp = (questions.answer().getInt(IFINFO_FLAGS_OFFSET) & IFF_UP) != 0;
        mtu = questions.intAttribute(IFINFO_LENGTH, IFLA_MTU, mtu);
        int address =
                questions.attributeOffset(
                        NetlinkSocket.BODY_OFFSET + IFINFO_LENGTH,
                        questions.answer().getInt(0),
                        IFLA_ADDRESS);
        if (address >= 0 && device.isTap()) {
            mac = 0;
            for (int i = 0; i < MAC_LENGTH; i++) {
                mac = mac << 8 | questions.answer().getByte(address + i) & 0xff;
            }
        }
    }

    /** The id by which this namespace knows that one; it gets one here if it has none. */
    private int idOf(int namespace) {
        int id = askId(namespace);
        if (id == NO_ID) {
            questions.begin(RTM_NEWNSID, 0, RTGEN_LENGTH);
            questions.attribute(NETNSA_FD, namespace);
            questions.attribute(NETNSA_NSID, NO_ID);
            questions.exchange();
            id = askId(namespace);
        }
        return id;
    }

    private int askId(int namespace) {
        questions.begin(RTM_GETNSID, 0, RTGEN_LENGTH);
        questions.attribute(NETNSA_FD, namespace);
        return questions.exchange() < 0
                ? NO_ID
                : questions.intAttribute(RTGEN_LENGTH, NETNSA_NSID, NO_ID);
    }

    /** What tells one namespace from another, such as {@code net:[4026531840]}; empty where /proc is not to be read. */
    private static String linkOf(String path) {
        try {
            return Files.readSymbolicLink(Path.of(path)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        questions.close();
    }
}
