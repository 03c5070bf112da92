/** Benchmarks of {@code io.ovl.dataplane.peer}. */
@NullMarked
package io.ovl.bench.peer;

import org.jspecify.annotations.NullMarked;
