/**
 * Counters: one for every way to drop a packet, published in a file that other processes read.
 *
 * <p>Allowed imports: Agrona, the counters file's format from config.ctl. Imports nothing else of ovl.
 */
@NullMarked
package io.ovl.dataplane.stats;

import org.jspecify.annotations.NullMarked;
