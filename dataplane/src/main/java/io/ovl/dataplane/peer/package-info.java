/**
 * WireGuard peers: what a worker reads of them, cryptokey routing, the index table, staged packets.
 *
 * <p>Allowed imports: {@code io}'s interfaces, {@code ip}, {@code buffer}, {@code stats}. Never {@code vxlan}:
 * {@code path} composes them.
 */
@NullMarked
package io.ovl.dataplane.peer;

import org.jspecify.annotations.NullMarked;
