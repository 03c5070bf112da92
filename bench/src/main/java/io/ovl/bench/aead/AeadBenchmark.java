package io.ovl.bench.aead;

import io.ovl.crypto.aead.Aead;
import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.aead.AeadProviders;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** One packet sealed, and one opened, by each provider. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AeadBenchmark {
    private static final long SEALED_COUNTER = 42;

    @Param({"ipsec-mb", "openssl", "jdk"})
    String provider = "jdk";

    @Param({"64", "512", "1420", "65535"})
    int length;

    private final Arena arena = Arena.ofShared();
    private final AeadKey key = new AeadKey(new byte[AeadKey.LENGTH], 0);
    private Aead aead;
    private long plaintext;
    private long sealed;
    private long output;
    private long counter;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp() before any benchmark
    public AeadBenchmark() {}

    @Setup
    public void setUp() {
        aead = AeadProviders.select(provider).newAead();
        plaintext = allocate(length);
        sealed = allocate(length + Aead.TAG_LENGTH);
        output = allocate(length + Aead.TAG_LENGTH);
        aead.seal(key, SEALED_COUNTER, plaintext, length, sealed);
    }

    @TearDown
    public void tearDown() {
        aead.close();
        key.close();
        arena.close();
    }

    @Benchmark
    public void seal() {
        aead.seal(key, counter++, plaintext, length, output);
    }

    @Benchmark
    public boolean open() {
        return aead.open(key, SEALED_COUNTER, sealed, length + Aead.TAG_LENGTH, output);
    }

    private long allocate(int size) {
        MemorySegment segment = arena.allocate(size, 64);
        return segment.address();
    }
}
