package io.ovl.dataplane.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Follows the state of a TUN or TAP interface wherever it is: through renames and into other network namespaces.
 *
 * <p>The device's own descriptor tells its name and namespace for as long as it lives; rtnetlink asked about that name in that namespace
 * tells the rest, without entering it (Linux 4.18: IFLA_TARGET_NETNSID; CAP_NET_ADMIN suffices). Events say only when to look. Those from
 * another namespace need CAP_NET_BROADCAST, so {@link #refresh} is to be called once a second too.
 *
 * <p>Thread: the conductor. Errors: {@link #open} throws; a question that fails changes nothing and is asked again.
 */
public final class LinkMonitor implements AutoCloseable {
    private static final int RTMGRP_LINK = 1;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWNSID = 88;
    private static final int RTM_GETNSID = 90;
    private static final int IFINFO_LENGTH = 16;
    private static final int IFINFO_FLAGS_OFFSET = NetlinkSocket.BODY_OFFSET + 8;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_TARGET_NETNSID = 46;
    private static final int IFF_UP = 1;
    private static final int RTGEN_LENGTH = 4;
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_FD = 3;
    private static final int NO_ID = -1;

    private final LibC libc = new LibC();
    private final LinuxTunTap device;
    private final LinkListener listener;
    private final NetlinkSocket events;
    private final NetlinkSocket questions;
    private final String home;
    private int mtu;
    private boolean isUp;
    private boolean isDeleted;

    private LinkMonitor(
            LinuxTunTap device,
            LinkListener listener,
            NetlinkSocket events,
            NetlinkSocket questions,
            String home) {
        this.device = device;
        this.listener = listener;
        this.events = events;
        this.questions = questions;
        this.home = home;
        mtu = device.mtu();
    }

    /** Opens in the network namespace of the calling thread, which has to be the one the device was opened in. */
    public static LinkMonitor open(LinuxTunTap device, LinkListener listener)
            throws DeviceException {
        String home = linkOf("/proc/thread-self/ns/net");
        NetlinkSocket questions = NetlinkSocket.open(0);
        try {
            NetlinkSocket events = NetlinkSocket.open(RTMGRP_LINK);
            events.listenElsewhere();
            return new LinkMonitor(device, listener, events, questions, home);
        } catch (DeviceException e) {
            questions.close();
            throw e;
        }
    }

    /** The descriptor to watch: readable when {@link #onEvents} has something to do. */
    public int fd() {
        return events.fd();
    }

    public boolean isUp() {
        return isUp;
    }

    public boolean isDeleted() {
        return isDeleted;
    }

    /** Reads all events and looks once if any was about links. */
    public void onEvents() {
        boolean isStale = false;
        for (int type = events.nextEvent(); type != 0; type = events.nextEvent()) {
            isStale |= type < 0 || type == RTM_NEWLINK || type == RTM_DELLINK;
        }
        if (isStale) {
            refresh();
        }
    }

    /** Looks, and tells the listener and the device what is different. */
    public void refresh() {
        if (isDeleted) {
            return;
        }
        byte[] name = device.currentName();
        if (name.length == 0) {
            isDeleted = true;
            listener.onDeleted();
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
        look(name, namespaceId);
    }

    private void look(byte[] name, int namespaceId) {
        questions.begin(RTM_GETLINK, 0, IFINFO_LENGTH);
        if (namespaceId != NO_ID) {
            questions.attribute(IFLA_TARGET_NETNSID, namespaceId);
        }
        questions.attribute(IFLA_IFNAME, Arrays.copyOf(name, name.length + 1));
        if (questions.exchange() < 0) {
            return;
        }
        boolean nowUp = (questions.answer().getInt(IFINFO_FLAGS_OFFSET) & IFF_UP) != 0;
        int nowMtu = questions.intAttribute(IFINFO_LENGTH, IFLA_MTU, mtu);
        if (nowMtu != mtu) {
            mtu = nowMtu;
            device.mtu(nowMtu);
            listener.onMtu(nowMtu);
        }
        if (nowUp != isUp) {
            isUp = nowUp;
            listener.onUp(nowUp);
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
        events.close();
        questions.close();
    }
}
