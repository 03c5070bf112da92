#!/usr/bin/env bash
# Compares ovl with the bare wire and with other tunnels, side by side in one run, and writes table, rows and charts to bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh
. bench/lib/machine.sh
. bench/lib/measure.sh
. bench/lib/peers.sh

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
USAGE
}

command_line="bench/compare.sh $*"
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

write_results() {
    local chart
    jq -s --argjson run "$(description_of_run)" -L bench/lib 'include "table"; result($run)' "$rows" >"$name.json"
    jq -r -L bench/lib 'include "table"; markdown' "$name.json" >"$name.md"
    for chart in tcp pps rtt cpu; do
        jq -r --arg chart $chart -L bench/lib 'include "chart"; chart($chart)' "$name.json" >"$name-$chart.svg"
    done
    cat "$name.md"
    say "written: $name.json, .md and charts"
}

require_root
ensure_packages required_packages
ensure_optional_packages
case " $peers " in *' ovl'[\ :]*)
    ensure_jdk
    [ -z "$build" ] || build ;;
esac
runnable=$(runnable_peers)
[ -n "$runnable" ] || die "nothing to compare"
require_idle

name=$results/$(date -u +%Y-%m-%d)-$(machine_class)
run=$(date -u +%H:%M:%S)
mkdir -p "$results"
rows=$(mktemp)
trap 'hosts_down; rm -f "$rows"' EXIT
trap 'exit 130' INT TERM
[ -z "$add" ] || [ ! -f "$name.json" ] || jq -c '.rows[]' "$name.json" >"$rows"
failed=' '
for ((repeat = 1; repeat <= repeats; repeat++)); do
    for peer in $runnable; do
        [[ $failed != *" $peer "* ]] || continue
        say "repeat $repeat of $repeats: $peer"
        with_peer "$peer" measure "$peer" "$seconds" "$run" "$repeat" >>"$rows" || failed+="$peer "
    done
done
write_results
[ "$failed" = ' ' ] || die "not measured:$failed"
