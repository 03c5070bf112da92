package io.ovl.config.ctl;

import picocli.CommandLine.Command;

/** {@code ovlctl peers}. */
@Command(
        name = "peers",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows and changes the peers of an interface.")
final class PeersCommand {}
