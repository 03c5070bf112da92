#!/usr/bin/env bash
# Shows what a change does to the microbenchmarks: their ratio to a saved baseline.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<USAGE
usage: bench/jmh-ratio.sh [--baseline FILE] [--save FILE] [REGEX] [JMH_OPTION...]
  --baseline FILE   JMH's JSON to compare with (default: the newest bench/results/*-jmh.json)
  --save FILE       keep the new results as the next baseline
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
[ -f "$baseline" ] || { echo "$(basename "$0"): there is no baseline; make one: bench/jmh.sh .* -prof gc -rf json -rff bench/results/DATE-MACHINE-jmh.json" >&2; exit 1; }
results=$(mktemp)
trap 'rm -f "$results"' EXIT
bench/jmh.sh "$@" -prof gc -rf json -rff "$results" >&2
[ -z "$save" ] || cp "$results" "$save"
echo "ratios to $baseline (above 1: slower; medians of all iterations)"
jq -rn -L bench/lib --slurpfile before "$baseline" --slurpfile after "$results" 'include "jmh"; compared($before[0]; $after[0])' | column -t -s $'\t'
