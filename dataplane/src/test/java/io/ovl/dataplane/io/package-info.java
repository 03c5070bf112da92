/** Tests of the Linux edges: in this process, and as {@code *IT} in network namespaces of their own. */
@NullMarked
package io.ovl.dataplane.io;

import org.jspecify.annotations.NullMarked;
