/**
 * WireGuard's cross-platform userspace API, as text in and out.
 *
 * <ul>
 *   <li>{@code DeviceUpdate UapiReader.read(byte[], int, int) throws UapiException}: the body of a {@code set}.
 *   <li>{@code new UapiWriter(DeviceState)}, {@code int fill(byte[])}, {@code close()}: the reply to a {@code get},
 *       chunk by chunk.
 * </ul>
 *
 * <p>Allowed imports: {@code io.ovl.config.model}, {@code io.ovl.crypto.key}.
 */
@NullMarked
package io.ovl.config.uapi;

import org.jspecify.annotations.NullMarked;
