#!/usr/bin/env bash
# Measures ovl with ten thousand peers, a thousand segments and a hundred thousand forwarding entries beside a small
# case, and writes the table to bench/results. Takes about five minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh
. bench/lib/machine.sh
. bench/lib/results.sh

usage() {
    cat <<USAGE
usage: sudo bench/scale.sh [--seconds N] [--peers N] [--segments N] [--active N] [--macs N] [--results FOLDER] [--no-build] [--force]
  --seconds N       length of each load and of each look at an idle daemon (default 10)
  --peers N         of the large case (default 10000; the small one has 10)
  --segments N      of the large case (default 1000; the small one has 1)
  --active N        peers that connect (default 1000; at least as many as segments)
  --macs N          addresses learned behind each of them that is in a segment (default 100)
  --results FOLDER  where DATE-MACHINE-scale.json and .md go (default bench/results)
  --no-build        measure what target/ovl and bench/target hold
  --force           measure although other work uses the machine's processors
USAGE
}

seconds=10 peers=10000 segments=1000 active=1000 macs=100 results=bench/results build=yes force=''
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds) seconds=$2 && shift ;;
        --peers) peers=$2 && shift ;;
        --segments) segments=$2 && shift ;;
        --active) active=$2 && shift ;;
        --macs) macs=$2 && shift ;;
        --results) results=$2 && shift ;;
        --no-build) build='' ;;
        --force) force=yes ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
for number in "$seconds" "$peers" "$segments" "$active" "$macs"; do
    [[ "$number" =~ ^[1-9][0-9]{0,4}$ ]] || { usage >&2; exit 2; }
done
if [ "$segments" -gt "$active" ] || [ "$active" -ge "$peers" ]; then
    usage >&2
    exit 2
fi

ovld=target/ovl/bin/ovld ovlctl=target/ovl/bin/ovlctl
fleet_prefix=198.18
frames_per_second=10000

# bench_java HOST CLASS [ARGUMENT...]
bench_java() {
    local host=$1
    shift
    in_host "$host" "$JAVA25_HOME/bin/java" --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
        -cp "bench/target/classes:$(cat bench/target/classpath)" "$@"
}

# timed COMMAND...: {"ms", "bytes"} of what it says.
timed() {
    local begin bytes
    begin=$(now_ms)
    bytes=$("$@" | wc -c) || die "failed: $*"
    echo "{\"ms\": $(($(now_ms) - begin)), \"bytes\": $bytes}"
}

hub_ctl() { in_host a "$ovlctl" --timeout 60s "$@"; }

hub_started() {
    start_daemon a "$ovld" "$@"
    hub_pid=$(ip netns pids "$host_a" | head -1)
}

# The kernel takes its time over each TAP that goes.
hub_stopped() {
    kill "$hub_pid"
    wait_for 80 test ! -e "/proc/$hub_pid" || die "the hub does not end"
}

# {"rss_kib", "heap_kib", "fds"}: the heap after a collection, what is resident before it.
memory() {
    local rss heap
    rss=$(awk '/^VmRSS/ {print $2}' "/proc/$hub_pid/status")
    "$JAVA25_HOME/bin/jcmd" "$hub_pid" GC.run >/dev/null
    heap=$("$JAVA25_HOME/bin/jcmd" "$hub_pid" GC.heap_info | sed -n 's/.*total [0-9]*K, used \([0-9]*\)K.*/\1/p' | paste -sd+)
    echo "{\"rss_kib\": $rss, \"heap_kib\": $((heap)), \"fds\": $(find "/proc/$hub_pid/fd" -mindepth 1 | wc -l)}"
}

ticks_of() { sed 's/.*) //' "$1" | awk '{print $12 + $13}'; }

# What the hub uses while it is left alone: {"all", "conductor"} in CPU seconds per minute.
idle() {
    local conductor before_all before_conductor
    conductor=$(grep -lx ovl-conductor "/proc/$hub_pid"/task/*/comm | head -1)
    sleep 2
    before_all=$(ticks_of "/proc/$hub_pid/stat")
    before_conductor=$(ticks_of "${conductor%comm}stat")
    sleep "$seconds"
    jq -nc --argjson hz "$(getconf CLK_TCK)" --argjson seconds "$seconds" \
        --argjson all $(($(ticks_of "/proc/$hub_pid/stat") - before_all)) \
        --argjson conductor $(($(ticks_of "${conductor%comm}stat") - before_conductor)) \
        'def per_minute: . / $hz / $seconds * 60 * 100 | round / 100; {all: ($all | per_minute), conductor: ($conductor | per_minute)}'
}

# fleet COMMAND...: what the fleet answers.
fleet() {
    local answer
    echo "$*" >&"${FLEET[1]}"
    read -r -t 120 answer <&"${FLEET[0]}" || die "the fleet does not answer: $(cat "$folder/fleet.log")"
    echo "$answer"
}

fdb_entries() { hub_ctl -j fdb show -i "$tunnel_a" | jq length; }

# Frames that came faster than the hub learns are sent once more.
learn() {
    local wanted=$1 count=$2 attempt
    for attempt in 1 2 3; do
        fleet macs "$count" $frames_per_second >/dev/null
        sleep 1
        [ "$(fdb_entries)" -lt "$wanted" ] || return 0
    done
    say "only $(fdb_entries) of $wanted addresses were learned"
}

# measure CASE PEERS SEGMENTS ACTIVE MACS: one line of JSON.
measure() {
    local case=$1 peers=$2 segments=$3 active=$4 macs=$5 conf=$folder/$tunnel_a.conf spoke_address check ready setconf syncconf
    local started segmented everything get show show_json reload segments_added fdb entries connected handshakes none with_segments all rtt tcp stopped
    say "$case: $peers peers, $segments segments, $active active, $macs addresses behind each"
    bench_java b io.ovl.bench.scale.ScaleConfig "$folder" "$peers" "$segments" $underlay_a

    hub_started "$tunnel_a"
    setconf=$(timed in_host a wg setconf "$tunnel_a" "$folder/hub-wg.conf")
    syncconf=$(timed in_host a wg syncconf "$tunnel_a" "$folder/hub-wg.conf")
    hub_stopped

    cp "$folder/hub.conf" "$conf"
    check=$(timed "$ovlctl" check "$conf")
    hub_started --config "$conf"
    ready=$ready_ms
    none=$(idle)
    started=$(memory)
    get=$(timed in_host a wg show "$tunnel_a" dump)
    show=$(timed hub_ctl show "$tunnel_a")
    show_json=$(timed hub_ctl -j show "$tunnel_a")
    reload=$(timed hub_ctl reload "$tunnel_a")
    cp "$folder/hub-segments.conf" "$conf"
    segments_added=$(timed hub_ctl reload "$tunnel_a")
    with_segments=$(idle)
    segmented=$(memory)

    say "$case: connecting"
    coproc FLEET { bench_java b io.ovl.bench.scale.PeerFleet $underlay_a 1 "$active" $fleet_prefix 2>"$folder/fleet.log"; }
    read -r -t 30 _ <&"${FLEET[0]}" || die "the fleet did not start: $(cat "$folder/fleet.log")"
    connected=$(fleet connect)
    learn $((segments * macs)) "$macs"
    fdb=$(timed hub_ctl -j fdb show -i "$tunnel_a")
    entries=$(fdb_entries)
    all=$(idle)
    everything=$(memory)

    say "$case: loads"
    cp "$folder/spoke.conf" "$folder/$tunnel_b.conf"
    start_daemon b "$ovld" --config "$folder/$tunnel_b.conf"
    spoke_address=10.$((peers >> 8)).$((peers & 255)).1
    wait_for 15 in_host a ping -n -c 1 -W 0.2 "$spoke_address" || die "no ping to the spoke"
    iperf a "$spoke_address" 3 >/dev/null
    tcp=$(tcp_load "$spoke_address" "$seconds")
    rtt=$(pings "$spoke_address" $((seconds * 200)) 0.005)
    handshakes=$(fleet handshakes "$seconds")

    fleet_ended
    stopped=$(timed hub_stopped)
    jq -nc --arg case "$case" --argjson peers "$peers" --argjson segments "$segments" --argjson bytes "$(stat -c %s "$folder/hub.conf")" \
        --argjson check "$check" --argjson ready "$ready" --argjson setconf "$setconf" --argjson syncconf "$syncconf" --argjson started "$started" \
        --argjson segmented "$segmented" --argjson active "$everything" --argjson get "$get" --argjson show "$show" --argjson show_json "$show_json" \
        --argjson reload "$reload" --argjson segments_added "$segments_added" --argjson fdb "$fdb" --argjson entries "$entries" \
        --argjson connected "$connected" --argjson handshakes "$handshakes" --argjson none "$none" --argjson with_segments "$with_segments" \
        --argjson all "$all" --argjson rtt "$rtt" --argjson tcp "$tcp" --argjson stopped "$stopped" \
        '{case: $case, peers: $peers, segments: $segments, file_bytes: $bytes, check_ms: $check.ms, ready_ms: $ready, setconf_ms: $setconf.ms,
          syncconf_ms: $syncconf.ms, started: $started, segmented: $segmented, active: $active, get: $get, show: $show, show_json: $show_json,
          reload_ms: $reload.ms, segments_ms: $segments_added.ms, fdb: {entries: $entries, show_ms: $fdb.ms}, connected: $connected.connected,
          connect_seconds: $connected.seconds, handshakes_per_second: $handshakes.per_second, idle_none: $none.all,
          idle_segments: $with_segments.all, idle_active: $all.all, idle_conductor: $all.conductor, rtt: $rtt, tcp: $tcp, stop_ms: $stopped.ms}'
}

fleet_ended() {
    local pid=${FLEET_PID:-}
    [ -n "$pid" ] || return 0
    echo quit >&"${FLEET[1]}" || true
    wait "$pid" || true
}

# In a subshell for each case, so that nothing of one is left for the other.
measured() (
    trap 'hosts_down; rm -rf "$folder"' EXIT
    trap 'exit 130' INT TERM
    folder=$(mktemp -d)
    umask 077
    hosts_up
    in_host b ip route add local $fleet_prefix.0.0/16 dev lo
    in_host a ip route add $fleet_prefix.0.0/16 via $underlay_b
    measure "$@"
)

require_root
ensure_packages required_packages
ensure_optional_packages
ensure_jdk
[ -x "$JAVA25_HOME/bin/jcmd" ] || die "there is no jcmd in $JAVA25_HOME: it takes a whole JDK"
[ -z "$build" ] || build
require_idle
# Or jcmd could not ask it for its heap.
export OVL_JAVA_OPTS=-XX:-DisableAttachMechanism

begin_results scale
small=$(measured small 10 1 1 10)
large=$(measured large "$peers" "$segments" "$active" "$macs")
write_results scale --arg version "$("$ovlctl" version | head -1)" <<<"$small $large"
