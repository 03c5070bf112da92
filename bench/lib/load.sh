# Sourced after hosts.sh: loads bounded in time, and what they cost. Results are JSON on standard output.

# Between whom loads run.
load_a=a load_b=b

# iperf a|b ADDRESS SECONDS [IPERF3_OPTION...]: one run from there against a server on the other side, iperf3's own
# JSON.
iperf() {
    local client=$load_a address=$2 seconds=$3 server=$load_b status=0 server_pid
    [ "$1" = a ] || client=$load_b server=$load_a
    shift 3
    in_host "$server" timeout $((seconds + 20)) iperf3 -s -1 -B "$address" >/dev/null 2>&1 </dev/null &
    server_pid=$!
    wait_for 5 iperf_listens "$server" "$address" || { say "no iperf3 server came up"; return 1; }
    in_host "$client" timeout $((seconds + 15)) iperf3 -c "$address" -t "$seconds" -J --connect-timeout 5000 "$@" || status=$?
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    return $status
}

iperf_listens() { [ -n "$(in_host "$1" ss -Hltn "src $2 and sport = 5201")" ]; }

# tcp_load ADDRESS_OF_B SECONDS [IPERF3_OPTION...]: host a sends to host b; {"bits_per_second", "bytes", "retransmits",
# "cpu_seconds"} where cpu_seconds is what the processes in $daemon_pids used meanwhile.
tcp_load() {
    local address=$1 seconds=$2 before after result
    shift 2
    before=$(cpu_ticks)
    result=$(iperf a "$address" "$seconds" "$@") || { jq -r '.error // empty' <<<"$result" >&2; return 1; }
    after=$(cpu_ticks)
    jq --argjson cpu "$(ticks_to_seconds $((after - before)))" '.end |
        {bits_per_second: (.sum_received.bits_per_second | round), bytes: .sum_received.bytes, retransmits: .sum_sent.retransmits, cpu_seconds: $cpu}' <<<"$result"
}

# udp_load ADDRESS_OF_B SECONDS PAYLOAD_BYTES [PACKETS_PER_SECOND]: at that rate, or as fast as iperf3 can send;
# {"sent_per_second", "packets_per_second" that arrived, "lost_percent"}.
udp_load() {
    iperf a "$1" "$2" -u -b $((${4:-0} * $3 * 8)) -l "$3" 2>/dev/null | jq -c '.end.sum |
        {sent_per_second: (.packets / .seconds | round), packets_per_second: ((.packets - .lost_packets) / .seconds | round), lost_percent}'
}

udp_search_steps=7

# udp_search ADDRESS_OF_B SECONDS PAYLOAD_BYTES PACKETS_PER_SECOND: the highest rate that arrives with at most 0.1 %
# lost, looked for between a 64th of the rate given and that rate, each step halving what is left on a logarithmic scale
# (to 3 %); null when there is none.
udp_search() {
    local step exponent=0 rate found=null result lost
    for ((step = 1; step <= udp_search_steps; step++)); do
        # The middle of what is left lies 6 binary orders times this many 2^step-ths below the top.
        exponent=$((exponent * 2 + 1))
        rate=$(awk -v top="$4" -v e=$exponent -v s=$step 'BEGIN {printf "%d", top * 2 ^ (-6 * e / 2 ^ s)}')
        result=$(udp_load "$1" "$2" "$3" "$rate") || return 1
        lost=$(jq '.lost_percent > 0.1' <<<"$result")
        if [ "$lost" = true ]; then
            continue
        fi
        # Loss-free here: go on in the upper half, which begins where the exponent is one less.
        found=$(jq .packets_per_second <<<"$result")
        exponent=$((exponent - 1))
    done
    echo "$found"
}

# pings ADDRESS COUNT [INTERVAL_SECONDS]: {"sent", "received", "avg_ms", "p50_ms", "p99_ms", "p999_ms"} as host a sees
# them.
pings() {
    local address=$1 count=$2 interval=${3:-0.001} output
    output=$(in_host "$load_a" timeout $((count / 100 + 15)) ping -n -i "$interval" -c "$count" -W 1 "$address") || true
    sed -n 's/.*time=\([0-9.]*\) ms.*/\1/p' <<<"$output" | jq -s --argjson sent "$count" 'sort | {
        sent: $sent, received: length,
        avg_ms: (if length > 0 then (add / length * 1000 | round / 1000) else null end),
        p50_ms: .[(length * 0.50 | floor)], p99_ms: .[(length * 0.99 | floor)], p999_ms: .[(length * 0.999 | floor)]}'
}

daemon_pids=()

# Takes whatever runs in the two hosts at this moment as the daemons to account for.
account_for_daemons() { mapfile -t daemon_pids < <(ip netns pids "$host_a"; ip netns pids "$host_b"); }

# User and system time of the daemons so far. The second field of stat may hold spaces: cut up to its closing bracket.
cpu_ticks() {
    local pid total=0 ticks
    for pid in "${daemon_pids[@]}"; do
        ticks=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | awk '{print $12 + $13}')
        total=$((total + ${ticks:-0}))
    done
    echo $total
}

ticks_to_seconds() { awk -v ticks="$1" -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.2f", ticks / hz}'; }

# largest_rss_mib VmRSS|VmHWM: the resident memory of the largest daemon, in MiB, now or at its peak.
largest_rss_mib() {
    local pid largest=0 kib
    for pid in "${daemon_pids[@]}"; do
        kib=$(awk -v field="^$1:" '$0 ~ field {print $2}' "/proc/$pid/status" 2>/dev/null)
        [ "${kib:-0}" -le "$largest" ] || largest=$kib
    done
    echo $((largest / 1024))
}

# How busy the machine is, in percent of all its processors, over a time.
busy_percent() {
    local first second
    first=$(head -1 /proc/stat)
    sleep "${1:-2}"
    second=$(head -1 /proc/stat)
    printf '%s\n%s\n' "$first" "$second" | awk '
        {total = 0; for (i = 2; i <= 9; i++) total += $i; idle = $5 + $6}
        NR == 1 {total0 = total; idle0 = idle}
        NR == 2 {printf "%d\n", 100 - 100 * (idle - idle0) / (total - total0)}'
}
