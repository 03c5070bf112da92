/**
 * {@code ovlctl} and the protocol it speaks with the daemon: newline-delimited JSON over a unix socket.
 *
 * <p>Allowed imports: every other package of {@code config}, {@code io.ovl.crypto.key}, picocli, jackson-jr, Agrona's
 * counters reader. Never Netty: a command must start fast.
 */
@NullMarked
package io.ovl.config.ctl;

import org.jspecify.annotations.NullMarked;
