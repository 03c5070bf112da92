package io.ovl.config.ctl;

import picocli.CommandLine.Command;

/** {@code ovlctl segments}. */
@Command(
        name = "segments",
        aliases = "vni",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows and changes the segments: a VNI and a TAP each.")
final class SegmentsCommand {}
