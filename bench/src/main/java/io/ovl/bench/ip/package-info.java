/** Benchmarks of {@code io.ovl.dataplane.ip}. */
@NullMarked
package io.ovl.bench.ip;

import org.jspecify.annotations.NullMarked;
