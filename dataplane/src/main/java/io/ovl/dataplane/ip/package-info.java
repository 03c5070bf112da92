/**
 * IP, TCP, UDP and ICMP bytes: checksums, segmentation, coalescing, ECN, errors to the sender.
 *
 * <p>Allowed imports: {@code buffer}, {@code stats}.
 */
@NullMarked
package io.ovl.dataplane.ip;

import org.jspecify.annotations.NullMarked;
