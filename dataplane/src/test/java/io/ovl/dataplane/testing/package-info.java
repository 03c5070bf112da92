/**
 * The edges of the dataplane in memory, for tests and simulation, and network namespaces for tests of the real ones.
 *
 * <p>Allowed imports: {@code io}, {@code buffer}.
 */
@NullMarked
package io.ovl.dataplane.testing;

import org.jspecify.annotations.NullMarked;
