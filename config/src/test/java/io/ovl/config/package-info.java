/** What the tests of several packages share. */
@NullMarked
package io.ovl.config;

import org.jspecify.annotations.NullMarked;
