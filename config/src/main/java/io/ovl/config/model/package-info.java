/**
 * The immutable model of a configuration, of an update to it and of the state it is shown as.
 *
 * <p>Allowed imports: {@code io.ovl.crypto.key}. Imports nothing else of ovl.
 */
@NullMarked
package io.ovl.config.model;

import org.jspecify.annotations.NullMarked;
