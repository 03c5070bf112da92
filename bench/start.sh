#!/usr/bin/env bash
# Measures what a tunnel does in the first seconds after its start, and writes table and rows to bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh
. bench/lib/measure.sh
. bench/lib/peers.sh
. bench/lib/machine.sh

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

command_line="bench/start.sh $*"
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

# started PEER LOAD...: the load's output, right after the start. To be called in a subshell that has sourced the peer's file.
started() {
    local peer=$1 target=''
    shift
    peer_folder=$(mktemp -d) # not local: the trap runs when this function is left
    trap 'hosts_down; rm -rf "$peer_folder"' EXIT
    trap 'exit 130' INT TERM
    hosts_up
    peer_up "$(variant_of "$peer")" || { come_to_nothing "$peer did not come up"; return 1; }
    wait_for 15 in_host a ping -n -c 1 -W 0.1 "$target" || { come_to_nothing "no ping through $peer"; return 1; }
    "$@"
}

stream() { iperf a "$target" "$seconds" -i 1 | jq -c '[.intervals[].sum.bits_per_second / 1e9]'; }
first_pings() { pings "$target" 1000; }

require_root
ensure_packages required_packages
ensure_optional_packages
case " $peers " in *' ovl'[\ :]*)
    ensure_jdk
    [ -z "$build" ] || build ;;
esac
runnable=$(runnable_peers)
[ -n "$runnable" ] || die "nothing to measure"
require_idle

name=$results/$(date -u +%Y-%m-%d)-$(machine_class)-start
mkdir -p "$results"
rows=$(mktemp)
trap 'hosts_down; rm -f "$rows"' EXIT
trap 'exit 130' INT TERM
failed=
for ((repeat = 1; repeat <= repeats; repeat++)); do
    for peer in $runnable; do
        say "repeat $repeat of $repeats: $peer"
        if streamed=$(with_peer "$peer" started "$peer" stream) && pinged=$(with_peer "$peer" started "$peer" first_pings); then
            jq -nc --arg peer "$peer" --argjson repeat "$repeat" --argjson stream "$streamed" --argjson pings "$pinged" \
                '{peer: $peer, repeat: $repeat, gbit_per_second: $stream, first_pings: $pings}' >>"$rows"
        else
            failed+=" $peer"
        fi
    done
done
jq -s --argjson run "$(description_of_run)" '{run: $run, rows: .}' "$rows" >"$name.json"
jq -r -L bench/lib 'include "start"; markdown' "$name.json" >"$name.md"
cat "$name.md"
say "written: $name.json and .md"
[ -z "$failed" ] || die "not measured:$failed"
