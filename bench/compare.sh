#!/usr/bin/env bash
# Compares ovl with the bare wire and with other tunnels, side by side in one run, and writes table, rows and charts to
# bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh
. bench/lib/machine.sh
. bench/lib/results.sh
. bench/lib/peers.sh
. bench/lib/measure.sh

usage() {
    cat <<USAGE
usage: sudo bench/compare.sh [--peers LIST] [--modes LIST] [--seconds N] [--repeats N] [--reference PEER] [--add] [--results FOLDER] [--no-build] [--force]
  --peers LIST        comma-separated, NAME or NAME:VARIANT (default: all of: $all_peers)
  --modes LIST        of ovl, comma-separated: l3, compact, standard, vxlan (default: all)
  --seconds N         length of each load (default 5)
  --repeats N         times each peer is measured, in turn with the others (default 5)
  --reference PEER    what ratios are to, measured in the same repeat (default wireguard-go-backports)
  --add               keep the rows that the day's file has already, and add to them
  --results FOLDER    where DATE-MACHINE.json, .md and the charts go (default bench/results)
  --no-build          measure what target/ovl holds
  --force             measure although other work uses the machine's processors
Peers are installed from the distribution. One that cannot be had or does not come up is left out, with the reason.
The results are written after each repeat: a run may be ended early.
USAGE
}

peers=$all_peers modes='' seconds=5 repeats=5 reference=wireguard-go-backports add='' results=bench/results build=yes force=''
while [ $# -gt 0 ]; do
    case "$1" in
        --peers) peers=${2//,/ } && shift ;;
        --modes) modes=${2//,/ } && shift ;;
        --seconds) seconds=$2 && shift ;;
        --repeats) repeats=$2 && shift ;;
        --reference) reference=$2 && shift ;;
        --add) add=yes ;;
        --results) results=$2 && shift ;;
        --no-build) build='' ;;
        --force) force=yes ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
for number in "$seconds" "$repeats"; do
    [[ "$number" =~ ^[1-9][0-9]{0,2}$ ]] || { usage >&2; exit 2; }
done

is_wanted() {
    local mode
    [ -n "$modes" ] && [[ $1 = ovl:* ]] || return 0
    for mode in $modes; do
        [[ $1 = ovl:$mode* ]] && return
    done
    return 1
}

require_root
prepare_peers
require_idle

begin_results ''
run=$(date -u +%H:%M:%S)
kept=''
[ -z "$add" ] || [ ! -f "$name.json" ] || kept=$(jq -c '.run.command as $command | .rows[] | .command //= $command' "$name.json")

after_repeat() {
    cat <(echo "$kept") "$rows" | write_results table --arg reference "$reference"
    for chart in tcp pps rtt cpu; do
        jq -r --arg chart $chart -L bench/lib 'include "chart"; chart($chart)' "$name.json" >"$name-$chart.svg"
    done
}

measure_in_turn measure
[ -z "$failed" ] || die "not measured:$failed"
