#!/usr/bin/env bash
# Shows what a change does to the microbenchmarks: their ratio to a saved baseline.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<USAGE
usage: bench/jmh-ratio.sh [--baseline FILE] [--save FILE] [REGEX] [JMH_OPTION...]
  --baseline FILE   what to compare with (default: the newest bench/results/*-jmh.json)
  --save FILE       keep the new results, as the next baseline for instance
Runs the benchmarks that match REGEX (default: all), 0 B/op checked by the allocation profiler, for example:
  bench/jmh-ratio.sh 'PathBenchmark.outbound' -p length=1420 -f 3
USAGE
}

baseline='' save=''
while [ $# -gt 0 ]; do
    case "$1" in
        --baseline) baseline=$2 && shift ;;
        --save) save=$2 && shift ;;
        -h|--help) usage; exit 0 ;;
        *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- '.*'

newest() { find bench/results -name '*-jmh.json' | sort | tail -1; }

baseline=${baseline:-$(newest)}
[ -f "$baseline" ] || { echo "$(basename "$0"): there is no baseline" >&2; exit 1; }
raw=$(mktemp) results=$(mktemp)
trap 'rm -f "$raw" "$results"' EXIT
bench/jmh.sh "$@" -prof gc -rf json -rff "$raw" >&2
jq -L bench/lib --arg command "bench/jmh.sh $*" --arg date "$(date -u +%Y-%m-%d)" \
    'include "jmh"; {run: {date: $date, command: $command, jdk: .[0].jdkVersion}, rows: rows}' "$raw" >"$results"
[ -z "$save" ] || cp "$results" "$save"
echo "ratios to $baseline: above 1 is slower"
jq -r -L bench/lib --slurpfile before "$baseline" 'include "jmh"; compared($before[0])' "$results" | column -t -s $'\t'
