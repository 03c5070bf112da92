package io.ovl.bench.ip;

import io.ovl.dataplane.ip.InternetChecksum;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** The Internet checksum of an IPv4 header, a small packet, a full packet and a super-packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChecksumBenchmark {
    @Param({"20", "64", "1420", "65535"})
    int length;

    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    @Setup
    public void setUp() {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        for (int i = 0; i < length; i++) {
            buffer.putByte(i, (byte) (i * 31));
        }
    }

    @Benchmark
    public int sum() {
        return InternetChecksum.fold(InternetChecksum.sum(buffer, 0, length));
    }
}
