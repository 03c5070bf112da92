package io.ovl.bench.noise;

import io.ovl.crypto.noise.ReplayWindow;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** One counter checked: as they come from a well-behaved network, from one that reorders, and from an attacker. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReplayWindowBenchmark {
    private static final int REORDERING = 64;
    private static final int MASK = (1 << 16) - 1;

    private final int[] displacements = new int[MASK + 1];
    private ReplayWindow window = new ReplayWindow();
    private long counter;

    /** A window of its own for every iteration: counters only go up. */
    @Setup(Level.Iteration)
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < displacements.length; i++) {
            displacements[i] = random.nextInt(REORDERING);
        }
        window = new ReplayWindow();
        counter = 0;
    }

    @Benchmark
    public boolean inOrder() {
        return window.accept(counter++);
    }

    /** Counters up to 64 apart from their place; some of them are met twice. */
    @Benchmark
    public boolean reordered() {
        long current = counter++;
        return window.accept(current + displacements[(int) current & MASK]);
    }

    /** Every counter leaves more than the whole window behind. */
    @Benchmark
    public boolean leaping() {
        counter += 2L * ReplayWindow.WINDOW_LENGTH;
        return window.accept(counter);
    }

    @Benchmark
    public boolean replayed() {
        return window.accept(0);
    }
}
