package io.ovl.dataplane.control;

import io.ovl.dataplane.io.TapFactory;
import io.ovl.dataplane.io.UnderlayRoutes;
import io.ovl.dataplane.io.VxlanSocketFactory;

import java.util.function.Consumer;

/**
 * Where the Ethernet side of the daemon touches the machine.
 *
 * <p>Thread: the conductor's only.
 *
 * @param notices takes what an operator should know, a sentence each
 */
public record SegmentEdges(
        TapFactory taps,
        VxlanSocketFactory vxlanSockets,
        UnderlayRoutes routes,
        Consumer<String> notices) {}
