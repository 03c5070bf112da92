/**
 * Bulk authenticated encryption of data messages: one off-heap interface, several providers.
 *
 * <p>Allowed imports: {@code io.ovl.crypto.key}, Agrona, {@code java.lang.foreign}, JCA. BouncyCastle only in tests: it
 * is far too slow for bulk data.
 */
@NullMarked
package io.ovl.crypto.aead;

import org.jspecify.annotations.NullMarked;
