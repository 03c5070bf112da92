/** Benchmarks of {@code io.ovl.crypto.noise}. */
@NullMarked
package io.ovl.bench.noise;

import org.jspecify.annotations.NullMarked;
