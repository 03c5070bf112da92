package io.ovl.bench.ip;

import io.ovl.dataplane.ip.Segmenter;

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

/**
 * A super-packet split into wire packets, headers written and checksums finished. Times are per super-packet, the
 * writing of its own headers included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SegmentBenchmark {
    @Param({"1", "10", "45"})
    int segments;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));
    private final Segmenter segmenter = new Segmenter();
    private int payloadLength;

    @Setup
    public void setUp() {
        payloadLength = segments * TcpSuperPacket.SEGMENT_PAYLOAD;
        if (run() != segments * (TcpSuperPacket.HEADER_LENGTH + TcpSuperPacket.SEGMENT_PAYLOAD)) {
            throw new IllegalStateException(
                    "the segmenter does not make " + segments + " segments");
        }
    }

    @Benchmark
    public int run() {
        TcpSuperPacket.put(buffer, 0, payloadLength);
        int total = 0;
        for (int count =
                        segmenter.begin(buffer, 0, TcpSuperPacket.HEADER_LENGTH + payloadLength, 0);
                count > 0;
                count--) {
            segmenter.next();
            total += segmenter.length();
        }
        return total;
    }
}
