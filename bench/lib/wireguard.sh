# Sourced after hosts.sh: a WireGuard daemon in each host, set up through `wg`.
#
# wireguard_daemon is the command that, given an interface name, makes a TUN of that name, serves the UAPI at
# /run/wireguard/NAME.sock and goes on in the background: ovld, wireguard-go or any other.

tunnel_a=ov$$a
tunnel_b=ov$$b
overlay_a=10.77.0.1
overlay_b=10.77.0.2
overlay6_a=fd77::1
overlay6_b=fd77::2

wireguard_up() {
    local key_a key_b
    key_a=$(wg genkey)
    key_b=$(wg genkey)
    wireguard_host_up a "$tunnel_a" "$key_a" "$key_b" "$underlay_b"
    wireguard_host_up b "$tunnel_b" "$key_b" "$key_a" "$underlay_a"
}

# How long the daemon that was started last took until its command returned, which it does when its socket answers.
ready_ms=null

# start_daemon HOST COMMAND...: a command that goes on in the background when it is ready.
start_daemon() {
    local host=$1 log begin
    shift
    log=$(mktemp)
    begin=$(now_ms)
    if ! in_host "$host" timeout 20 "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        die "'$*' did not start"
    fi
    ready_ms=$(($(now_ms) - begin))
    rm -f "$log"
}

# wireguard_host_up HOST INTERFACE PRIVATE_KEY PEER_PRIVATE_KEY PEER_ADDRESS
wireguard_host_up() {
    local host=$1 tunnel=$2 own_key=$3 peer_key=$4 peer_underlay=$5 own=overlay_$1 own6=overlay6_$1 peer peer6
    case $host in a) peer=$overlay_b peer6=$overlay6_b ;; b) peer=$overlay_a peer6=$overlay6_a ;; esac
    # shellcheck disable=SC2086 # the command may carry arguments
    start_daemon "$host" $wireguard_daemon "$tunnel"
    in_host "$host" wg set "$tunnel" private-key <(echo "$own_key") listen-port 51820 peer "$(wg pubkey <<<"$peer_key")" \
        endpoint "$peer_underlay:51820" allowed-ips "$peer/32,$peer6/128"
    in_host "$host" ip addr add "${!own}/24" dev "$tunnel"
    in_host "$host" ip addr add "${!own6}/64" dev "$tunnel" nodad
    in_host "$host" ip link set "$tunnel" up
}
