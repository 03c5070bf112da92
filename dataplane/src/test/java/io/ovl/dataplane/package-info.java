/** What holds for the whole data plane: who may use whom, and what a packet may cost. */
@NullMarked
package io.ovl.dataplane;

import org.jspecify.annotations.NullMarked;
