package io.ovl.config.ctl;

import picocli.CommandLine.Command;

/** {@code ovlctl key}. */
@Command(
        name = "key",
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes keys. They are base64, as wg(8) writes them.")
final class KeyCommand {}
