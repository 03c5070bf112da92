# From the two cases of bench/scale.sh, the small one first, to a table.

include "figures";

def result($run): {run: $run, small: .[0], large: .[1]};

# Growth per thing that the large case has more of.
def per(large; small; count): if large == null or small == null then null else ((large - small) / count) end;

def row(name; small; large; each): [name, small, large, each] | line;

def markdown:
    .small as $s | .large as $l
    | ($l.peers - $s.peers) as $peers | ($l.segments - $s.segments) as $segments | ($l.fdb.entries - $s.fdb.entries) as $entries
    | def kib_per(stage; field; count): per($l[stage][field]; $s[stage][field]; count) | digits(2) | if . == null then null else "\(.) KiB" end;
    "# Scale: \(.run.machine_class), \(.run.date)",
    "",
    "`\(.run.command)` on \(.run.cpu), \(.run.cpus) processors, \(.run.system), Linux \(.run.kernel), \(.run.version).",
    "How each figure comes about: [docs/benchmarks.md](../../docs/benchmarks.md). Hub, spoke and fleet share the processors.",
    "",
    "| | \($s.peers) peers, \($s.segments) segment, \($s.fdb.entries) entries | \($l.peers) peers, \($l.segments) segments, \($l.fdb.entries) entries | |",
    "| --- | ---: | ---: | ---: |",
    row("configuration file, bytes"; $s.file_bytes; $l.file_bytes; null),
    row("checked by `ovlctl check`, ms"; $s.check_ms; $l.check_ms; null),
    row("started until ready, ms"; $s.ready_ms; $l.ready_ms; null),
    row("stopped, ms"; $s.stop_ms; $l.stop_ms; null),
    row("resident with peers, MiB"; $s.started.rss_kib / 1024 | digits(1); $l.started.rss_kib / 1024 | digits(1); kib_per("started"; "rss_kib"; $peers) | . + " per peer"),
    row("live heap with peers, MiB"; $s.started.heap_kib / 1024 | digits(1); $l.started.heap_kib / 1024 | digits(1); kib_per("started"; "heap_kib"; $peers) | . + " per peer"),
    row("resident growth by segments, MiB"; ($s.segmented.rss_kib - $s.started.rss_kib) / 1024 | digits(1); ($l.segmented.rss_kib - $l.started.rss_kib) / 1024 | digits(1); (($l.segmented.rss_kib - $l.started.rss_kib) - ($s.segmented.rss_kib - $s.started.rss_kib)) / $segments | digits(1) | "\(.) KiB per segment"),
    row("live heap growth by segments, MiB"; ($s.segmented.heap_kib - $s.started.heap_kib) / 1024 | digits(1); ($l.segmented.heap_kib - $l.started.heap_kib) / 1024 | digits(1); (($l.segmented.heap_kib - $l.started.heap_kib) - ($s.segmented.heap_kib - $s.started.heap_kib)) / $segments | digits(1) | "\(.) KiB per segment"),
    row("live heap growth by sessions and entries, MiB"; ($s.active.heap_kib - $s.segmented.heap_kib) / 1024 | digits(1); ($l.active.heap_kib - $l.segmented.heap_kib) / 1024 | digits(1); null),
    row("resident with everything, MiB"; $s.active.rss_kib / 1024 | digits(1); $l.active.rss_kib / 1024 | digits(1); null),
    row("open descriptors"; $s.active.fds; $l.active.fds; null),
    row("all peers in one `wg setconf`, ms"; $s.setconf_ms; $l.setconf_ms; null),
    row("the same peers again by `wg syncconf`, ms"; $s.syncconf_ms; $l.syncconf_ms; null),
    row("reload, nothing changed, ms"; $s.reload_ms; $l.reload_ms; null),
    row("reload that adds the segments, ms"; $s.segments_ms; $l.segments_ms; null),
    row("`wg show dump` (UAPI get), ms"; $s.get.ms; $l.get.ms; "\($l.get.bytes) bytes"),
    row("`ovlctl show`, ms"; $s.show.ms; $l.show.ms; "\($l.show.bytes) bytes"),
    row("`ovlctl -j show`, ms"; $s.show_json.ms; $l.show_json.ms; "\($l.show_json.bytes) bytes"),
    row("`ovlctl -j fdb show`, ms"; $s.fdb.show_ms; $l.fdb.show_ms; "\($l.fdb.entries) entries"),
    row("peers connected"; $s.connected; $l.connected; null),
    row("first handshake of all of them, s"; $s.connect_seconds | digits(2); $l.connect_seconds | digits(2); null),
    row("handshakes taken, per second"; $s.handshakes_per_second; $l.handshakes_per_second; "small: one each 20 ms and peer"),
    row("CPU s per minute, peers configured, none active"; $s.idle_none; $l.idle_none; null),
    row("CPU s per minute, segments too, none active"; $s.idle_segments; $l.idle_segments; null),
    row("CPU s per minute, all of it active"; $s.idle_active; $l.idle_active; null),
    row("of it the conductor (timers, sweeps, devices)"; $s.idle_conductor; $l.idle_conductor; null),
    row("ping RTT through one peer, p50 ms"; $s.rtt.p50_ms; $l.rtt.p50_ms; "ratio \($l.rtt.p50_ms / $s.rtt.p50_ms | digits(2))"),
    row("ping RTT, p99 ms"; $s.rtt.p99_ms; $l.rtt.p99_ms; "ratio \($l.rtt.p99_ms / $s.rtt.p99_ms | digits(2))"),
    row("TCP through one peer, Gbit/s"; $s.tcp.bits_per_second / 1e9 | digits(2); $l.tcp.bits_per_second / 1e9 | digits(2); "ratio \($l.tcp.bits_per_second / $s.tcp.bits_per_second | digits(2))"),
    "",
    "What a lookup costs among so many is in the JMH file of the same machine: AllowedIpsBenchmark, ForwardingDatabaseBenchmark.";
