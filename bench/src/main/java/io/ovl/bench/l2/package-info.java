/** Benchmarks of {@code io.ovl.dataplane.l2}. */
@NullMarked
package io.ovl.bench.l2;

import org.jspecify.annotations.NullMarked;
