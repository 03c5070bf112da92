/**
 * WireGuard's cross-platform userspace API, as text in and out.
 *
 * <p>Allowed imports: {@code io.ovl.config.model}, {@code io.ovl.crypto.key}.
 */
@NullMarked
package io.ovl.config.uapi;

import org.jspecify.annotations.NullMarked;
