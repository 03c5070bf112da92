/**
 * VXLAN encapsulation and remote VTEPs (RFC 7348).
 *
 * <p>Allowed imports: {@code l2}, {@code io}'s interfaces, {@code ip}, {@code buffer}, {@code stats}. Never
 * {@code peer}: {@code path} composes them.
 */
@NullMarked
package io.ovl.dataplane.vxlan;

import org.jspecify.annotations.NullMarked;
