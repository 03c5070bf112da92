/**
 * The composition root: {@code ovld}.
 *
 * <p>Allowed imports: everything.
 */
@NullMarked
package io.ovl.dataplane.daemon;

import org.jspecify.annotations.NullMarked;
