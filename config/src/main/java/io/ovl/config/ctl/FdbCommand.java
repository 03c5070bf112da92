package io.ovl.config.ctl;

import picocli.CommandLine.Command;

/** {@code ovlctl fdb}. */
@Command(
        name = "fdb",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows and changes which MAC address is behind which port.")
final class FdbCommand {}
