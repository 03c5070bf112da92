#!/usr/bin/env bash
# Shows ovl at work on one machine: two network namespaces as two hosts, ovld in each; behind each host a guest on a
# bridge with ovl's TAP. The guests get onto one Ethernet by DHCP; ping and iperf3 run between them.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib/setup.sh
. bench/lib/hosts.sh
. bench/lib/wireguard.sh
. bench/lib/segments.sh
. bench/lib/guests.sh
. bench/lib/load.sh

usage() {
    cat <<USAGE
usage: sudo bench/two-hosts.sh [--mode MODE] [--seconds N] [--json] [--keep]
  --mode MODE   compact   Ethernet inside WireGuard, the short form between two ovl (default)
                standard  Ethernet in VXLAN inside WireGuard, as to a host with a kernel vxlan device
                vxlan     Ethernet in VXLAN in the clear
                l3        IP inside WireGuard, set up with wg; no guests
  --seconds N   length of each of the three iperf3 runs (default 5)
  --json        the report as JSON on standard output
  --keep        leave the hosts up and say how to look around
The daemon is target/ovl/bin/ovld; OVL_DAEMON names another one with wireguard-go's command line, for --mode l3.
USAGE
}

mode=compact seconds=5 json='' keep=''
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds) seconds=${2:-} && shift ;;
        --mode) mode=${2:-} && shift ;;
        --json) json=yes ;;
        --keep) keep=yes ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
case $mode in l3|compact|standard|vxlan) ;; *) usage >&2; exit 2 ;; esac
[[ "$seconds" =~ ^[1-9][0-9]{0,3}$ ]] || { usage >&2; exit 2; }

# What the daemon says about itself; only ovld has a control socket to ask.
daemon_status() {
    if [ "$wireguard_daemon" = target/ovl/bin/ovld ]; then
        in_host a "$ovlctl" -j status "$tunnel_a" | jq '.interfaces[0]'
    else
        echo null
    fi
}

# One object per peer from wg's tab-separated dump. A daemon without a TUN has no interface that wg could find; its
# socket answers all the same.
peers_of() {
    [ "$mode" != vxlan ] || { echo '[]'; return; }
    in_host "$1" wg show "$2" dump | tail -n +2 | jq -R -s --arg host "$1" 'split("\n") | map(select(. != "") | split("\t") | {
        host: $host, public_key: .[0], endpoint: .[2], allowed_ips: .[3], latest_handshake: (.[4] | tonumber),
        rx_bytes: (.[5] | tonumber), tx_bytes: (.[6] | tonumber)})'
}

# What host a or b has learned about who is where.
fdb_of() {
    [ "$mode" != l3 ] || { echo '[]'; return; }
    in_host "$1" "$ovlctl" -j fdb show -i "$2" | jq --arg host "$1" 'map({host: $host} + .)'
}

measure() {
    local rtt one reverse four status peers rss fdb

    say "pinging"
    wait_for 10 in_host "$load_a" ping -n -c 1 -W 1 "$target" || die "no answer to a ping through the tunnel"
    [ "$mode" != l3 ] || in_host a ping -n -c 1 -W 2 "$overlay6_b" >/dev/null || die "no answer to an IPv6 ping through the tunnel"
    rtt=$(pings "$target" 1000)
    [ "$(jq .received <<<"$rtt")" -ge 990 ] || die "only $(jq .received <<<"$rtt") of 1000 pings came back"

    say "iperf3: one stream a to b, $seconds s"
    one=$(tcp_load "$target" "$seconds") || die "iperf3 from a to b failed"
    say "iperf3: one stream b to a, $seconds s"
    reverse=$(tcp_load "$target" "$seconds" -R) || die "iperf3 from b to a failed"
    say "iperf3: four streams a to b, $seconds s"
    four=$(tcp_load "$target" "$seconds" -P 4) || die "iperf3 with four streams failed"
    rss=$(largest_rss_mib VmRSS)

    status=$(daemon_status) || die "ovlctl status failed"
    peers=$(jq -s add <(peers_of a "$tunnel_a") <(peers_of b "$tunnel_b"))
    fdb=$(jq -s add <(fdb_of a "$tunnel_a") <(fdb_of b "$tunnel_b"))
    jq -n --arg daemon "$wireguard_daemon" --arg mode "$mode" --arg guest "$guest_address_a" --argjson fdb "$fdb" --argjson seconds "$seconds" --argjson rtt "$rtt" --argjson one "$one" \
        --argjson reverse "$reverse" --argjson four "$four" --argjson rss "$rss" --argjson status "$status" --argjson peers "$peers" \
        'def cost: . + {cpu_seconds_per_gb: (if .bytes > 0 then .cpu_seconds / .bytes * 1e9 * 100 | round / 100 else null end)};
        {daemon: $daemon, mode: $mode, seconds: $seconds, dhcp_address: $guest, rtt: $rtt, tcp: {a_to_b: ($one | cost), b_to_a: ($reverse | cost), four_streams: ($four | cost)},
         largest_rss_mib: $rss, status: $status, peers: $peers, fdb: $fdb}'
}

print_report() {
    jq -r '
        def gbit: .bits_per_second / 1e7 | round / 100;
        def mib: . / 1048576 | round;
        def row(name): "  \(name)  \(gbit) Gbit/s, \(.retransmits) retransmits, \(.cpu_seconds_per_gb) CPU seconds per GB";
        "",
        "two hosts, \(.daemon) in each, mode \(.mode)",
        "",
        (if .dhcp_address != "" then "guests          on a bridge each; the one of host a got \(.dhcp_address) by DHCP from the other" else empty end),
        "throughput (TCP, \(.seconds) s each; CPU is of both daemons)",
        (.tcp.a_to_b | row("a to b        ")),
        (.tcp.b_to_a | row("b to a        ")),
        (.tcp.four_streams | row("four streams  ")),
        "round trip      \(.rtt.avg_ms) ms average, \(.rtt.p99_ms) ms p99 (\(.rtt.received) of \(.rtt.sent) pings, one per ms)",
        "memory          \(.largest_rss_mib) MiB resident, the larger daemon, after the load",
        (.status // empty | "AEAD            \(.aead), \(.workers) \(if .workers == 1 then "worker" else "workers" end)",
            "offloads        \([.offloads[], .segments[].offloads[]] | unique | if . == [] then "none" else join(", ") end)"),
        (if .peers != [] then "peers" else empty end),
        (.peers[] | "  on host \(.host)     \(.public_key[0:8])… at \(.endpoint), handshake at \(.latest_handshake | todate), received \(.rx_bytes | mib) MiB, sent \(.tx_bytes | mib) MiB"),
        (if .fdb != [] then "forwarding databases" else empty end),
        (.fdb[] | "  on host \(.host)     \(.mac) behind \(.kind) \(.port), \(.state), VNI \(.vni), seen \(.age) s ago"),
        ""'
}

how_to_look_around() {
    cat >&2 <<LOOK
The hosts are still up. Look around, for instance:
  sudo $ovlctl show $tunnel_a
  sudo $ovlctl fdb show -i $tunnel_a
  sudo ip netns exec $host_names-$load_a ping $target
  sudo ip netns exec $host_b tcpdump -n -i veth0 udp
  sudo ip netns exec $host_b bash
Remove them:
  for host in \$(ip netns list | grep -o '^$host_names-[a-z-]*'); do sudo ip netns pids \$host | xargs -r sudo kill; sudo ip netns del \$host; done
  sudo rm -r $folder
LOOK
}

clean_up() {
    local status=$?
    trap '' INT TERM
    if [ -n "$keep" ] && [ "$status" = 0 ]; then
        how_to_look_around
    else
        guests_down
        hosts_down
        rm -rf "$folder"
    fi
}

require_root
ensure_packages required_packages
[ "$mode" = l3 ] || ensure_packages guest_packages
if [ -z "${OVL_DAEMON:-}" ]; then
    ensure_optional_packages
    ensure_jdk
    build
fi
wireguard_daemon=${OVL_DAEMON:-target/ovl/bin/ovld}
ovlctl=target/ovl/bin/ovlctl
is_present "$wireguard_daemon" || die "there is no $wireguard_daemon"

trap clean_up EXIT
trap 'exit 130' INT TERM
folder=$(mktemp -d)
hosts_up
say "starting $wireguard_daemon on both hosts"
if [ "$mode" = l3 ]; then
    wireguard_up
    target=$overlay_b
    account_for_daemons
else
    segment_up "$mode" "$folder"
    account_for_daemons
    say "waiting for an address by DHCP through the segment"
    guests_up "$segment_tap_a" "$segment_tap_b" "$folder"
    target=$guest_address_b load_a=guest-a load_b=guest-b
fi
report=$(measure)
if [ -n "$json" ]; then
    echo "$report"
else
    print_report <<<"$report"
fi
