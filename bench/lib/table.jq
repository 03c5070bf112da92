# From the rows of comparisons to medians, ratios and a Markdown report.
#
# A row is one peer in one repeat of one run. A ratio is to the reference's row of the same run and repeat, so that a
# machine that drifts does so on both sides; the table shows the median of these ratios, not the ratio of the medians.

include "figures";

def cost: if .bytes > 0 and .cpu_seconds > 0 then .cpu_seconds / .bytes * 1e9 else null end;

# What is compared, by name: from a row, and with how many digits it is shown.
def figures: {
    tcp_a_to_b_gbps: (.tcp.a_to_b.bits_per_second / 1e9), tcp_b_to_a_gbps: (.tcp.b_to_a.bits_per_second / 1e9),
    tcp_four_a_to_b_gbps: (.tcp.four_a_to_b.bits_per_second / 1e9), tcp_four_b_to_a_gbps: (.tcp.four_b_to_a.bits_per_second / 1e9),
    udp_64_unlimited_kpps: (.udp_64.packets_per_second / 1e3), udp_64_lossless_kpps: (.udp_64.lossless_per_second | if . then . / 1e3 else null end),
    udp_1400_unlimited_kpps: (.udp_1400.packets_per_second / 1e3), udp_1400_lossless_kpps: (.udp_1400.lossless_per_second | if . then . / 1e3 else null end),
    rtt_p50_ms: .rtt_idle.p50_ms, rtt_p99_ms: .rtt_idle.p99_ms, rtt_p999_ms: .rtt_idle.p999_ms,
    rtt_loaded_p50_ms: .rtt_loaded.p50_ms, rtt_loaded_p99_ms: .rtt_loaded.p99_ms, rtt_loaded_p999_ms: .rtt_loaded.p999_ms,
    cpu_seconds_per_gb: (.tcp.a_to_b | cost), rss_idle_mib: (if .rss_mib.peak > 0 then .rss_mib.idle else null end),
    rss_peak_mib: (if .rss_mib.peak > 0 then .rss_mib.peak else null end), ready_ms: .start.ready_ms, first_ping_ms: .start.first_ping_ms};

def by_peer(f): group_by(.peer) | map({key: .[0].peer, value: f}) | from_entries;
def median_of($name): map(.figures[$name]) | median;
def medians: by_peer(. as $rows | {version: .[0].version, repeats: length} + (.[0].figures | with_entries(.key as $name | .value = ($rows | median_of($name) | digits(3)))));

def ratios($reference): (map(select(.peer == $reference) | {key: "\(.run) \(.repeat)", value: .figures}) | from_entries) as $base
    | map($base["\(.run) \(.repeat)"] as $of | select($of) | .figures |= with_entries(.key as $name | .value |= over($of[$name])))
    | by_peer(. as $rows | .[0].figures | with_entries(.key as $name | .value = ($rows | median_of($name) | digits(3))));

# The commands that the rows come from, each with the number of its repeats.
def commands: unique_by("\(.run) \(.repeat)") | group_by(.command) | map({command: .[0].command, repeats: length});

def result($run): . as $rows | map(. + {figures: figures}) | {
    run: ($run + {commands: commands, repeats: (map("\(.run) \(.repeat)") | unique | length), busy_percent_most: (map(.busy_percent_before) | max)}),
    medians: medians, ratios: ratios($run.reference), ratios_to_veth: ratios("veth"), rows: $rows};

def rule: "| --- |" + (.[1:] | map(" ---: |") | join(""));
def table($head; $names; $of): ["", ($head | line), ($head | rule), ($of | to_entries[] | .value as $row | [.key] + ($names | map($row[.])) | line)];

def speed_table($of): table(["", "TCP a to b", "b to a", "4 streams", "4 back", "64 B max kpps", "64 B lossless", "1400 B max kpps", "1400 B lossless"];
    ["tcp_a_to_b_gbps", "tcp_b_to_a_gbps", "tcp_four_a_to_b_gbps", "tcp_four_b_to_a_gbps",
     "udp_64_unlimited_kpps", "udp_64_lossless_kpps", "udp_1400_unlimited_kpps", "udp_1400_lossless_kpps"]; $of);
def delay_table($of): table(["", "RTT p50 ms", "p99", "p99.9", "loaded p50", "loaded p99", "loaded p99.9", "CPU s per GB", "RSS idle MiB", "RSS peak MiB", "ready ms", "first ping ms"];
    ["rtt_p50_ms", "rtt_p99_ms", "rtt_p999_ms", "rtt_loaded_p50_ms", "rtt_loaded_p99_ms", "rtt_loaded_p999_ms",
     "cpu_seconds_per_gb", "rss_idle_mib", "rss_peak_mib", "ready_ms", "first_ping_ms"]; $of);
def versions: ["", "| | version | repeats |", "| --- | --- | ---: |", (to_entries[] | [.key, .value.version, .value.repeats] | line)];

def markdown: [
    "# Comparison of \(.run.date) on \(.run.machine_class)", "",
    (.run.commands[] | "`\(.command)`, \(if .repeats == 1 then "once" else "\(.repeats) times" end)", ""),
    "Interleaved, medians; loads of as many seconds as the command says, 5 if it does not. Client, server and both daemons share the machine:",
    "compare only within this file. How each figure is taken: docs/benchmarks.md.", "",
    "\(.run.cpu), \(.run.cpus) CPUs, Linux \(.run.kernel), \(.run.system). Busy before a measurement: \(.run.busy_percent_most) % at most.", "",
    "## Throughput: TCP in Gbit/s, UDP in 1,000 packets per second", speed_table(.medians)[], "",
    "## Delay, cost, memory, start", delay_table(.medians)[], "",
    "## Ratios to \(.run.reference), each within one repeat", speed_table(.ratios)[], delay_table(.ratios)[], "",
    "## Ratios to the bare wire", speed_table(.ratios_to_veth)[], "",
    "## Versions", (.medians | versions)[]] | join("\n");
