/**
 * The two packet paths, step by step, and the worker that runs them.
 *
 * <p>Allowed imports: {@code peer}, {@code vxlan}, {@code l2} and what those may import.
 */
@NullMarked
package io.ovl.dataplane.path;

import org.jspecify.annotations.NullMarked;
