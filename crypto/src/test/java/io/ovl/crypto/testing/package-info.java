/** What the tests of several packages share. */
@NullMarked
package io.ovl.crypto.testing;

import org.jspecify.annotations.NullMarked;
