/** Tests of the composition root. */
@NullMarked
package io.ovl.dataplane.daemon;

import org.jspecify.annotations.NullMarked;
