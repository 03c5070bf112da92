/**
 * The wire format of the four WireGuard messages as flyweights over borrowed bytes.
 *
 * <p>Allowed imports: Agrona. Imports nothing else of ovl.
 */
@NullMarked
package io.ovl.crypto.message;

import org.jspecify.annotations.NullMarked;
