/**
 * Static, preshared and session keys, and the off-heap memory that secrets live in.
 *
 * <p>Allowed imports: BouncyCastle's X25519, {@code java.lang.foreign}. Imports nothing else of ovl.
 */
@NullMarked
package io.ovl.crypto.key;

import org.jspecify.annotations.NullMarked;
