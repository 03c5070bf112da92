/**
 * Tests against the kernel and against other WireGuard implementations, with network namespaces as hosts.
 *
 * <p>They see ovl as a user does: a program, its interfaces, its sockets and what {@code wg} says. They therefore
 * import nothing of ovl's. {@code OVL_TEST_DAEMON} names another program to put under test; with {@code wireguard-go}
 * the tests themselves can be checked.
 */
@NullMarked
package io.ovl.dataplane.netns;

import org.jspecify.annotations.NullMarked;
