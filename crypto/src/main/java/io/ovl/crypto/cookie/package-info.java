/**
 * mac1, mac2, cookies and the rate limiter: what keeps a handshake flood from costing more than it must.
 *
 * <p>Allowed imports: {@code io.ovl.crypto.{key,message}}, Agrona, BouncyCastle. No I/O, threads or clocks.
 */
@NullMarked
package io.ovl.crypto.cookie;

import org.jspecify.annotations.NullMarked;
