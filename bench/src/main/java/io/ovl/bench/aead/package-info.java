/** Benchmarks of {@code io.ovl.crypto.aead}. */
@NullMarked
package io.ovl.bench.aead;

import org.jspecify.annotations.NullMarked;
