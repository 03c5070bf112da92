/**
 * The Noise_IKpsk2 handshake, the keypairs it yields, their replay windows and their timers: a protocol core that gets
 * bytes, time and randomness and answers with verdicts and bytes.
 *
 * <p>Allowed imports: {@code io.ovl.crypto.{aead,key,message,cookie}}, Agrona, BouncyCastle. No I/O, threads or clocks.
 */
@NullMarked
package io.ovl.crypto.noise;

import org.jspecify.annotations.NullMarked;
