/**
 * The configuration file: an INI superset of wg-quick's, parsed with line and column, and printed.
 *
 * <p>Allowed imports: {@code io.ovl.config.model}, {@code io.ovl.crypto.key}.
 */
@NullMarked
package io.ovl.config.parse;

import org.jspecify.annotations.NullMarked;
