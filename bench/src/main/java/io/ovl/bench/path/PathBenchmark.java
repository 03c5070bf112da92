package io.ovl.bench.path;

import io.ovl.bench.ip.TcpSuperPacket;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.dataplane.ip.VirtioNetHeader;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Whole packet paths between a device and a socket in memory, no kernel: out, and out and in again at the other end.
 * The edges copy each byte once a side, as the kernel would. Lengths are of IP packets; the longest is a super-packet
 * of TCP. Times are per frame, 16 of which are read at once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PathBenchmark {
    private static final int FRAMES = 16;
    private static final int MTU = 1420;

    @Param({"ipsec-mb", "openssl", "jdk"})
    String provider = "jdk";

    @Param({"64", "512", "1420", "65535"})
    int length;

    private TunnelEnd lone;
    private TunnelEnd near;
    private TunnelEnd far;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp() before any benchmark
    public PathBenchmark() {}

    @Setup
    public void setUp() {
        AeadProvider aead = AeadProviders.select(provider);
        lone = new TunnelEnd(1, aead, frame());
        near = new TunnelEnd(1, aead, frame());
        far = new TunnelEnd(2, aead, frame());
        near.bind.connect(far.bind);
        if (outboundAndInbound() < (long) FRAMES * length) {
            throw new IllegalStateException("frames did not arrive");
        }
    }

    private UnsafeBuffer frame() {
        UnsafeBuffer frame =
                new UnsafeBuffer(ByteBuffer.allocateDirect(VirtioNetHeader.LENGTH + length));
        TcpSuperPacket.put(frame, 0, length - TcpSuperPacket.HEADER_LENGTH);
        if (length <= MTU) {
            TcpSuperPacket.makeSingle(frame, 0);
        }
        return frame;
    }

    @TearDown
    public void tearDown() {
        lone.close();
        near.close();
        far.close();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void outbound() {
        lone.send(FRAMES);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long outboundAndInbound() {
        near.send(FRAMES);
        far.receive();
        return far.device.writtenBytes();
    }
}
