/**
 * JMH benchmarks, in packages that mirror the dataplane's.
 *
 * <p>Allowed imports: everything.
 */
@NullMarked
package io.ovl.bench;

import org.jspecify.annotations.NullMarked;
