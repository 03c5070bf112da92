package io.ovl.dataplane.control;

import io.ovl.dataplane.io.TapFactory;
import io.ovl.dataplane.io.UnderlayRoutes;
import io.ovl.dataplane.io.VxlanSocketFactory;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where the Ethernet side of the daemon touches the machine.
 *
 * <p>Thread: the conductor's only.
 *
 * @param hostChanges whether the host's interfaces, addresses or routes may have changed since it was asked last
 * @param notices takes what an operator should know, a sentence each
 */
public record SegmentEdges(
        TapFactory taps,
        VxlanSocketFactory vxlanSockets,
        UnderlayRoutes routes,
        BooleanSupplier hostChanges,
        Consumer<String> notices) {}
