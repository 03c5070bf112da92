#!/usr/bin/env bash
# Measures what a tunnel does in the first seconds after its start, and writes table and rows to bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh
. bench/lib/peers.sh
. bench/lib/machine.sh
. bench/lib/results.sh

usage() {
    cat <<USAGE
usage: sudo bench/start.sh [--peers LIST] [--seconds N] [--repeats N] [--results FOLDER] [--no-build] [--force]
  --peers LIST        comma-separated, NAME or NAME:VARIANT (default: ovl's L3 with and without its warm-up, L2 compact, and wireguard-go)
  --seconds N         length of the stream, at least 5 (default 30)
  --repeats N         times each peer is started for each load, in turn with the others (default 3)
  --results FOLDER    where DATE-MACHINE-start.json and .md go (default bench/results)
  --no-build          measure what target/ovl holds
  --force             measure although other work uses the machine's processors
USAGE
}

peers='ovl:l3-ipsec-mb ovl:l3-cold ovl:compact wireguard-go-backports' seconds=30 repeats=3 results=bench/results build=yes force=''
while [ $# -gt 0 ]; do
    case "$1" in
        --peers) peers=${2//,/ } && shift ;;
        --seconds) seconds=$2 && shift ;;
        --repeats) repeats=$2 && shift ;;
        --results) results=$2 && shift ;;
        --no-build) build='' ;;
        --force) force=yes ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ "$seconds" =~ ^([5-9]|[1-9][0-9]{1,2})$ && "$repeats" =~ ^[1-9][0-9]{0,2}$ ]] || { usage >&2; exit 2; }

# Seconds after the pings until the resident memory is read.
rest=15

stream() { iperf a "$target" "$seconds" -i 1 | jq -c '[.intervals[].sum.bits_per_second / 1e9]'; }
first_pings() {
    account_for_daemons
    pings "$target" 1000 && sleep "$rest" && largest_rss_mib VmRSS
}

# first_seconds PEER REPEAT: one line of JSON, each load after a start of its own.
first_seconds() {
    local streamed pinged
    streamed=$(start_peer "$1" && stream) && pinged=$(start_peer "$1" && first_pings) || return 1
    jq -nc --arg peer "$1" --argjson repeat "$2" --argjson stream "$streamed" --slurpfile pings <(echo "$pinged") \
        '{peer: $peer, repeat: $repeat, gbit_per_second: $stream, first_pings: $pings[0], rss_mib: $pings[1]}'
}

require_root
prepare_peers
require_idle

begin_results start
measure_in_turn first_seconds
write_results start <"$rows"
[ -z "$failed" ] || die "not measured:$failed"
