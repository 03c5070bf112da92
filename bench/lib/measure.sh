# Sourced by compare.sh after load.sh and peers.sh: everything that is measured about one peer.

# The payload of a packet of 1,400 bytes.
udp_large=1372

# measure PEER REPEAT: one line of JSON, of $seconds per load in the run named $run. To be called in a subshell that has
# sourced the peer's file.
measure() {
    local peer=$1 repeat=$2 busy rss_idle tcp small large idle loaded
    busy=$(busy_percent 1)
    start_peer "$peer" || return 1
    account_for_daemons
    sleep "$(peer_settles)"
    rss_idle=$(largest_rss_mib VmRSS)

    iperf a "$target" 3 >/dev/null || return 1 # a JVM compiles its hot paths in this time; the same for everyone
    tcp=$(tcp_loads) || return 1
    small=$(udp_loads 64) || return 1
    large=$(udp_loads $udp_large) || return 1
    sleep 1
    idle=$(pings "$target" $((seconds * 1000)))
    loaded=$(pings_beside_load) || return 1

    jq -nc --arg peer "$peer" --arg version "$(peer_version)" --arg run "$run" --arg command "$command_line" --argjson repeat "$repeat" --argjson busy "$busy" \
        --argjson ready "$ready_ms" --argjson ping "$first_ping_ms" --argjson tcp "$tcp" --argjson small "$small" --argjson large "$large" \
        --argjson idle "$idle" --argjson loaded "$loaded" --argjson rss_idle "$rss_idle" --argjson rss_peak "$(largest_rss_mib VmHWM)" \
        '{peer: $peer, version: $version, run: $run, command: $command, repeat: $repeat, busy_percent_before: $busy, start: {ready_ms: $ready, first_ping_ms: $ping},
          tcp: $tcp, udp_64: $small, udp_1400: $large, rtt_idle: $idle, rtt_loaded: $loaded, rss_mib: {idle: $rss_idle, peak: $rss_peak}}'
}

tcp_loads() {
    local one reverse four four_reverse
    one=$(tcp_load "$target" "$seconds") || return 1
    reverse=$(tcp_load "$target" "$seconds" -R) || return 1
    four=$(tcp_load "$target" "$seconds" -P 4) || return 1
    four_reverse=$(tcp_load "$target" "$seconds" -P 4 -R) || return 1
    jq -sc '{a_to_b: .[0], b_to_a: .[1], four_a_to_b: .[2], four_b_to_a: .[3]}' <<<"$one $reverse $four $four_reverse"
}

# udp_loads PAYLOAD_BYTES: as much as can be sent, then the highest rate that hardly loses any.
udp_loads() {
    local unlimited
    unlimited=$(udp_load "$target" "$seconds" "$1") || return 1
    jq -c --argjson found "$(udp_search "$target" $(((seconds + 4) / 5)) "$1" "$(jq .sent_per_second <<<"$unlimited")")" \
        '. + {lossless_per_second: $found}' <<<"$unlimited"
}

pings_beside_load() {
    local load_pid
    iperf a "$target" $((seconds + 3)) >/dev/null &
    load_pid=$!
    sleep 1.5
    pings "$target" $((seconds * 1000))
    wait "$load_pid" || { say "the load beside the pings failed"; return 1; }
}
