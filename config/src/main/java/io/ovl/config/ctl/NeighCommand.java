package io.ovl.config.ctl;

import picocli.CommandLine.Command;

/** {@code ovlctl neigh}. */
@Command(
        name = "neigh",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows who has which IP address, for SuppressArp.")
final class NeighCommand {}
