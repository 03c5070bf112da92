package io.ovl.dataplane.daemon;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What stands in for a device and the host behind it: two connected datagram sockets, a frame in each datagram.
 *
 * <p>Thread: one at the host's end. Ownership: the daemon's device takes the daemon's end.
 */
final class RehearsalLink implements AutoCloseable {
    private final FileDescriptor host;
    private final FileDescriptor daemon;

    private RehearsalLink(FileDescriptor host, FileDescriptor daemon) {
        this.host = host;
        this.daemon = daemon;
    }

    /** Joins two sockets by way of two files beside each other, which are gone when this returns. */
    static RehearsalLink open(Path file) throws IOException {
        Epoll.ensureAvailability(); // loads the native code that these sockets need
        Path hostFile = file.resolveSibling(file.getFileName() + ".host");
        Path daemonFile = file.resolveSibling(file.getFileName() + ".daemon");
        Socket host = Socket.newSocketDomainDgram();
        Socket daemon = Socket.newSocketDomainDgram();
        DomainSocketAddress hostAddress = new DomainSocketAddress(hostFile.toString());
        DomainSocketAddress daemonAddress = new DomainSocketAddress(daemonFile.toString());
        host.bind(hostAddress);
        daemon.bind(daemonAddress);
        host.connect(daemonAddress);
        daemon.connect(hostAddress);
        Files.delete(hostFile);
        Files.delete(daemonFile);
        return new RehearsalLink(host, daemon);
    }

    int daemonFd() {
        return daemon.intValue();
    }

    /** Hands the daemon a frame; one that finds no room is lost. */
    void send(ByteBuffer frame) throws IOException {
        host.write(frame, frame.position(), frame.limit());
    }

    /** The length of a frame from the daemon, 0 when there is none. */
    int receive(ByteBuffer frame) throws IOException {
        return host.read(frame, 0, frame.capacity());
    }

    @Override
    public void close() throws IOException {
        host.close();
    }
}
