# From the rows of one comparison (input: {run, rows}) to medians, ratios and a Markdown table.

def median: map(select(. != null)) | sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): if . == null then null else . * pow(10; $n) | round / pow(10; $n) end;
def show: if . == null then "-" else tostring end;
def over($base): if . == null or $base == null or $base == 0 then null else . / $base | digits(3) end;

def medians: group_by(.peer) | map({key: .[0].peer, value: {
    version: .[0].version,
    repeats: length,
    tcp_a_to_b_gbps: (map(.tcp.a_to_b.bits_per_second / 1e9) | median | digits(3)),
    tcp_b_to_a_gbps: (map(.tcp.b_to_a.bits_per_second / 1e9) | median | digits(3)),
    tcp_four_streams_gbps: (map(.tcp.four_streams.bits_per_second / 1e9) | median | digits(3)),
    udp_64_byte_kpps: (map(.udp.packets_per_second / 1e3) | median | digits(1)),
    rtt_idle_p50_ms: (map(.rtt_idle.p50_ms) | median | digits(3)),
    rtt_idle_p99_ms: (map(.rtt_idle.p99_ms) | median | digits(3)),
    rtt_loaded_p50_ms: (map(.rtt_loaded.p50_ms) | median | digits(3)),
    rtt_loaded_p99_ms: (map(.rtt_loaded.p99_ms) | median | digits(3)),
    cpu_seconds_per_gb: (map(.tcp.a_to_b | if .bytes > 0 then .cpu_seconds / .bytes * 1e9 else null end) | median | digits(2)),
    largest_rss_mib: (map(.largest_rss_mib) | median)}}) | from_entries;

def ratios($base): with_entries(.value |= {
    tcp_a_to_b: (.tcp_a_to_b_gbps | over($base.tcp_a_to_b_gbps)),
    tcp_b_to_a: (.tcp_b_to_a_gbps | over($base.tcp_b_to_a_gbps)),
    tcp_four_streams: (.tcp_four_streams_gbps | over($base.tcp_four_streams_gbps)),
    udp_64_byte: (.udp_64_byte_kpps | over($base.udp_64_byte_kpps)),
    rtt_idle_p50: (.rtt_idle_p50_ms | over($base.rtt_idle_p50_ms)),
    rtt_idle_p99: (.rtt_idle_p99_ms | over($base.rtt_idle_p99_ms)),
    rtt_loaded_p99: (.rtt_loaded_p99_ms | over($base.rtt_loaded_p99_ms)),
    cpu_per_gb: (.cpu_seconds_per_gb | over($base.cpu_seconds_per_gb))});

def result: (.rows | medians) as $medians | {run, medians: $medians,
    of_veth: ($medians | ratios($medians.veth)),
    of_wireguard_go_backports: ($medians | ratios($medians["wireguard-go-backports"])),
    rows};

def line: "| " + (map(show) | join(" | ")) + " |";
def ratio_table($title; $ratios): if ($ratios | map(.tcp_a_to_b) | all(. == null)) then [] else ["", $title, "",
    "| | TCP a to b | TCP b to a | TCP 4 streams | 64 B pps | RTT p50 | RTT p99 | RTT p99 loaded | CPU per GB |", "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ($ratios | to_entries[] | [.key, .value[]] | line)] end;

def markdown: . as $result | [
    "# Comparison of \(.run.date) on \(.run.machine_class)", "",
    "`\(.run.command)`: \(.run.repeats) interleaved repeats, \(.run.seconds) s per load, medians. Client, server and both daemons share the machine:",
    "compare only within this table. UDP is iperf3 sending 64-byte payloads as fast as it can, packets that arrived; RTT is 1,000 pings/s,",
    "idle and while one TCP stream runs; CPU is of both daemons for the stream a to b; memory is the larger daemon's after the loads.", "",
    "\(.run.cpu), \(.run.cpus) CPUs, Linux \(.run.kernel), \(.run.system). Busy before a run: \(.run.busy_percent_most) % at most.", "",
    "| | version | TCP a to b Gbit/s | TCP b to a | TCP 4 streams | 64 B kpps | RTT p50 ms | RTT p99 ms | RTT p99 ms loaded | CPU s per GB | RSS MiB |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    (.medians | to_entries[] | [.key, (.value | .version, .tcp_a_to_b_gbps, .tcp_b_to_a_gbps, .tcp_four_streams_gbps, .udp_64_byte_kpps,
        .rtt_idle_p50_ms, .rtt_idle_p99_ms, .rtt_loaded_p99_ms, .cpu_seconds_per_gb, .largest_rss_mib)] | line),
    ratio_table("Ratios to bare veth:"; $result.of_veth)[],
    ratio_table("Ratios to wireguard-go from Debian backports:"; $result.of_wireguard_go_backports)[]] | join("\n");
