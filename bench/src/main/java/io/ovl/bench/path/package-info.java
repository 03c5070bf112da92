/** Benchmarks of {@code io.ovl.dataplane.path}. */
@NullMarked
package io.ovl.bench.path;

import org.jspecify.annotations.NullMarked;
