#!/usr/bin/env bash
# Compares ovl with the bare wire and with other tunnels, side by side in one run, and writes the table to bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/load.sh

all_peers=$(basename -s .sh bench/peers/*.sh | xargs)

usage() {
    cat <<USAGE
usage: sudo bench/compare.sh [--peers LIST] [--seconds N] [--repeats N] [--results FOLDER] [--busy-percent N]
  --peers LIST        comma-separated, NAME or NAME:VARIANT (default: veth and all others of: $all_peers)
  --seconds N         length of each load (default 5)
  --repeats N         times each peer is measured, in turn with the others (default 5)
  --results FOLDER    where DATE-MACHINE.json and .md go (default bench/results)
  --busy-percent N    refuse to start when more of the machine's CPU time than this is in use (default 10)
A peer that cannot be had on this machine is left out, with the reason.
USAGE
}

command_line="bench/compare.sh $*"
peers=$all_peers seconds=5 repeats=5 results=bench/results busy_limit=10
while [ $# -gt 0 ]; do
    case "$1" in
        --peers) peers=${2//,/ } && shift ;;
        --seconds) seconds=$2 && shift ;;
        --repeats) repeats=$2 && shift ;;
        --results) results=$2 && shift ;;
        --busy-percent) busy_limit=$2 && shift ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
for number in "$seconds" "$repeats" "$busy_limit"; do
    [[ "$number" =~ ^[1-9][0-9]{0,2}$ ]] || { usage >&2; exit 2; }
done

# Each peer is a file that defines peer_prepare, peer_version and peer_up (which sets target, the address of host b),
# and peer_variants if it has some. It is sourced into a subshell, so that no peer sees another's functions.
with_peer() {
    local peer=$1
    shift
    (
        peer_variants() { echo ''; }
        . "bench/peers/${peer%%:*}.sh"
        "$@"
    )
}

variant_of() { case $1 in *:*) echo "${1#*:}" ;; esac; }

# NAME:VARIANT words for what was asked for, less what cannot run here.
runnable_peers() {
    local peer name variant reason
    for peer in $peers; do
        name=${peer%%:*}
        [ -f "bench/peers/$name.sh" ] || die "there is no peer $name (there are: $all_peers)"
        for variant in $(variant_of "$peer" | grep . || with_peer "$name" peer_variants | grep . || echo -); do
            variant=${variant#-}
            if reason=$(with_peer "$name" peer_prepare "$variant"); then
                echo "$name${variant:+:$variant}"
            else
                say "without $name${variant:+:$variant}: $reason"
            fi
        done
    done
}

# Everything about one peer, once: one line of JSON.
measure() {
    local peer=$1 target='' busy idle loaded one reverse four udp rss load_pid
    trap hosts_down EXIT
    busy=$(busy_percent 1)
    hosts_up
    peer_up "$(variant_of "$peer")" || { say "$peer did not come up"; return 1; }
    wait_for 15 in_host a ping -n -c 1 -W 1 "$target" || { say "no ping through $peer"; return 1; }
    account_for_daemons

    iperf a "$target" 3 >/dev/null || return 1 # a JVM compiles its hot paths in this time; the same for everyone
    one=$(tcp_load "$target" "$seconds") || return 1
    reverse=$(tcp_load "$target" "$seconds" -R) || return 1
    four=$(tcp_load "$target" "$seconds" -P 4) || return 1
    rss=$(largest_rss_mib)
    udp=$(udp_load "$target" "$seconds" 64) || return 1
    sleep 1
    idle=$(pings "$target" $((seconds * 1000)))
    iperf a "$target" $((seconds + 3)) >/dev/null &
    load_pid=$!
    sleep 1.5
    loaded=$(pings "$target" $((seconds * 1000)))
    wait "$load_pid" || { say "the load beside the pings failed"; return 1; }

    jq -nc --arg peer "$peer" --arg version "$(peer_version)" --argjson busy "$busy" --argjson one "$one" --argjson reverse "$reverse" \
        --argjson four "$four" --argjson udp "$udp" --argjson idle "$idle" --argjson loaded "$loaded" --argjson rss "$rss" \
        '{peer: $peer, version: $version, busy_percent_before: $busy, tcp: {a_to_b: $one, b_to_a: $reverse, four_streams: $four},
          udp: $udp, rtt_idle: $idle, rtt_loaded: $loaded, largest_rss_mib: $rss}'
}

cpu_model() { sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1; }

# The widest vector unit decides the AEAD's speed, so it names the machine class with the processors and the architecture.
machine_class() {
    local unit=baseline candidate
    for candidate in avx512f avx2 sse4_1 asimd; do
        if grep -qwm1 "$candidate" /proc/cpuinfo; then
            unit=$candidate
            break
        fi
    done
    echo "$(nproc)cpu-$unit-$(uname -m)"
}

description_of_run() {
    jq -n --arg date "$(date -u +%Y-%m-%d)" --arg class "$(machine_class)" --arg command "$command_line" --argjson seconds "$seconds" \
        --argjson repeats "$repeats" --arg cpu "$(cpu_model)" --argjson cpus "$(nproc)" --arg kernel "$(uname -r)" \
        --arg system "$(. /etc/os-release && echo "$PRETTY_NAME")" \
        '{date: $date, machine_class: $class, command: $command, seconds: $seconds, repeats: $repeats, cpu: $cpu, cpus: $cpus, kernel: $kernel, system: $system}'
}

write_results() {
    local name
    name=$results/$(date -u +%Y-%m-%d)-$(machine_class)
    mkdir -p "$results"
    jq -s --argjson run "$(description_of_run)" -L bench/lib \
        'include "table"; . as $rows | {run: ($run + {busy_percent_most: ($rows | map(.busy_percent_before) | max)}), rows: $rows} | result' \
        "$rows" >"$name.json"
    jq -r -L bench/lib 'include "table"; markdown' "$name.json" >"$name.md"
    cat "$name.md"
    say "written: $name.json and .md"
}

require_root
ensure_packages required_packages
ensure_optional_packages
case " $peers " in *' ovl'[\ :]*)
    ensure_jdk
    build ;;
esac
runnable=$(runnable_peers)
[ -n "$runnable" ] || die "nothing to compare"
busy=$(busy_percent 3)
[ "$busy" -le "$busy_limit" ] || die "the machine is busy ($busy % of its CPU time is in use): stop what runs on it, or say --busy-percent"

rows=$(mktemp)
trap 'hosts_down; rm -f "$rows"' EXIT
trap 'exit 130' INT TERM
for ((repeat = 1; repeat <= repeats; repeat++)); do
    for peer in $runnable; do
        say "repeat $repeat of $repeats: $peer"
        with_peer "$peer" measure "$peer" >>"$rows" || die "$peer failed"
    done
done
write_results
