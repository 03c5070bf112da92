#!/usr/bin/env bash
# Counts what the daemons of a tunnel ask of the kernel for each packet, and how often its bytes are copied, and writes
# table and rows to bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh
. bench/lib/peers.sh
. bench/lib/machine.sh
. bench/lib/results.sh
. bench/lib/syscalls.sh

usage() {
    cat <<USAGE
usage: sudo bench/syscalls.sh [--peers LIST] [--seconds N] [--results FOLDER] [--no-build] [--force]
  --peers LIST        comma-separated, NAME or NAME:VARIANT (default: ovl in each mode, fastd and vtun)
  --seconds N         length of each load (default 3)
  --results FOLDER    where DATE-MACHINE-syscalls.json and .md go (default bench/results)
  --no-build          measure what target/ovl holds
  --force             measure although other work uses the machine's processors
USAGE
}

peers='ovl:l3-ipsec-mb ovl:compact ovl:standard ovl:vxlan fastd:null vtun' seconds=3 repeats=1 results=bench/results build=yes force=''
while [ $# -gt 0 ]; do
    case "$1" in
        --peers) peers=${2//,/ } && shift ;;
        --seconds) seconds=$2 && shift ;;
        --results) results=$2 && shift ;;
        --no-build) build='' ;;
        --force) force=yes ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ "$seconds" =~ ^[1-9][0-9]{0,2}$ ]] || { usage >&2; exit 2; }

udp_rate=10000

# What each load achieves, in a unit of its own.
load_tcp() { tcp_load "$target" "$seconds" | jq '.bits_per_second / 1e9'; }
load_udp_64_fixed() { udp_load "$target" "$seconds" 64 $udp_rate | jq .packets_per_second; }
load_udp_64_unlimited() { udp_load "$target" "$seconds" 64 | jq .packets_per_second; }
load_ping() { pings "$target" $((seconds * 1000)) | jq .p50_ms; }

# count PEER: a line of JSON for each load. To be called in a subshell that has sourced the peer's file.
count() {
    local peer=$1 load plain figure before after
    start_peer "$peer" || return 1
    account_for_daemons
    sleep "$(peer_settles)"
    iperf a "$target" 3 >/dev/null || return 1 # a JVM compiles its hot paths in this time; the same for everyone
    for load in tcp udp_64_fixed udp_64_unlimited ping; do
        plain=$(load_$load) || return 1
        before=$(snapshot)
        counting_begin || return 1
        figure=$(load_$load) || return 1
        counting_end || return 1
        after=$(snapshot)
        jq -nc --arg peer "$peer" --arg version "$(peer_version)" --arg load $load --argjson plain "$plain" --argjson figure "$figure" \
            --argjson before "$before" --argjson after "$after" --argjson a "$(counted a)" --argjson b "$(counted b)" \
            '{peer: $peer, version: $version, load: $load, uncounted: $plain, figure: $figure, before: $before, after: $after, counted: {a: $a, b: $b}}'
    done
}

require_root
require_tracepoints
prepare_peers
require_idle

begin_results syscalls
measure_in_turn count
write_results syscalls <"$rows"
[ -z "$failed" ] || die "not counted:$failed"
