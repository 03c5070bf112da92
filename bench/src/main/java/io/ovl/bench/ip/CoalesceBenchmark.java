package io.ovl.bench.ip;

import io.ovl.dataplane.ip.Coalescer;
import io.ovl.dataplane.ip.Segmenter;
import io.ovl.dataplane.ip.VirtioNetHeader;

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

/** Wire packets joined into a super-packet, their checksums verified. Times are per super-packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CoalesceBenchmark {
    private static final int SLOT_LENGTH = 2048;
    private static final int PACKET_LENGTH =
            TcpSuperPacket.HEADER_LENGTH + TcpSuperPacket.SEGMENT_PAYLOAD;

    @Param({"1", "10", "45"})
    int segments;

    private long written;
    private final UnsafeBuffer packets =
            new UnsafeBuffer(ByteBuffer.allocateDirect(64 * SLOT_LENGTH));
    private final UnsafeBuffer firstHeaders =
            new UnsafeBuffer(ByteBuffer.allocateDirect(TcpSuperPacket.HEADER_LENGTH));
    private final Coalescer coalescer =
            new Coalescer(
                    (frame, packetCount) -> written += (long) packetCount * frame.totalLength());

    @Setup
    public void setUp() {
        UnsafeBuffer superPacket = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));
        int payloadLength = segments * TcpSuperPacket.SEGMENT_PAYLOAD;
        TcpSuperPacket.put(superPacket, 0, payloadLength);
        Segmenter segmenter = new Segmenter();
        segmenter.begin(superPacket, 0, TcpSuperPacket.HEADER_LENGTH + payloadLength, 0);
        for (int i = 0; i < segments; i++) {
            segmenter.next();
            packets.putBytes(i * SLOT_LENGTH, superPacket, segmenter.offset(), segmenter.length());
        }
        firstHeaders.putBytes(0, packets, 0, TcpSuperPacket.HEADER_LENGTH);
        int expectedLength = VirtioNetHeader.LENGTH + TcpSuperPacket.HEADER_LENGTH + payloadLength;
        if (run() != (long) segments * expectedLength) {
            throw new IllegalStateException("the coalescer does not join " + segments + " packets");
        }
    }

    @Benchmark
    public long run() {
        // Joining rewrites the first packet's headers.
        packets.putBytes(0, firstHeaders, 0, TcpSuperPacket.HEADER_LENGTH);
        written = 0;
        for (int i = 0; i < segments; i++) {
            coalescer.add(packets, i * SLOT_LENGTH, PACKET_LENGTH, 0);
        }
        coalescer.flush();
        return written;
    }
}
