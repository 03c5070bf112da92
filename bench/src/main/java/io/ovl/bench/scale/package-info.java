/**
 * What {@code bench/scale.sh} measures a daemon with: a configuration of thousands of peers, and a process that acts as
 * many of them.
 *
 * <p>Uses {@code crypto}, and of {@code dataplane} its memory and randomness.
 */
@NullMarked
package io.ovl.bench.scale;

import org.jspecify.annotations.NullMarked;
