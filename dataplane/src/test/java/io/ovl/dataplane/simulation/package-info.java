/** What whole daemons do with each other and with strangers, in virtual time. */
@NullMarked
package io.ovl.dataplane.simulation;

import org.jspecify.annotations.NullMarked;
