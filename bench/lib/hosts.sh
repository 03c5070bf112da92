# Sourced: two network namespaces, a and b, joined by a veth pair, as two hosts on one wire.
#
#   host a: veth 192.0.2.1/24, 2001:db8::1/64  <------->  host b: veth 192.0.2.2/24, 2001:db8::2/64

host_names=ovl$$
host_a=$host_names-a
host_b=$host_names-b
underlay_a=192.0.2.1
underlay_b=192.0.2.2

# in_host a|b COMMAND...
in_host() {
    local host=$host_names-$1
    shift
    ip netns exec "$host" "$@"
}

hosts_up() {
    ip netns add "$host_a"
    ip netns add "$host_b"
    ip link add veth0 netns "$host_a" type veth peer name veth0 netns "$host_b"
    local host number=1
    for host in a b; do
        in_host $host ip link set lo up
        in_host $host ip addr add 192.0.2.$number/24 dev veth0
        in_host $host ip addr add 2001:db8::$number/64 dev veth0 nodad
        in_host $host ip link set veth0 up
        number=$((number + 1))
    done
}

# Ends whatever still runs in the namespaces, then removes them; safe to call at any point, and more than once.
hosts_down() {
    local host
    for host in "$host_a" "$host_b"; do
        [ -e "/run/netns/$host" ] || continue
        end_processes_of "$host"
        ip netns del "$host" || true
    done
}

end_processes_of() {
    local pids attempt
    pids=$(ip netns pids "$1")
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086 # a list of pids
    kill $pids 2>/dev/null || true
    for attempt in {1..30}; do
        [ -n "$(ip netns pids "$1")" ] || return 0
        sleep 0.1
    done
    # shellcheck disable=SC2046
    kill -KILL $(ip netns pids "$1") 2>/dev/null || true
    sleep 0.1
}

# wait_for SECONDS COMMAND...: tries until the command succeeds.
wait_for() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

now_ms() { echo "${EPOCHREALTIME/./}" | cut -c1-13; }

# address_when_there HOST DEVICE ADDRESS: for a daemon that leaves the addresses of its device to others.
address_when_there() {
    wait_for 10 in_host "$1" ip link show dev "$2" || return 1
    in_host "$1" ip addr add "$3/24" dev "$2"
    in_host "$1" ip link set "$2" up
}

vxlan_overlay_b=10.79.0.2

# vxlan_up DEVICE LOCAL_A LOCAL_B: the kernel's vxlan device on both hosts, over a device of that name ("tunnel": the
# host's tunnel).
vxlan_up() {
    local host device local=$2 remote=$3 number=1
    for host in a b; do
        device=$1
        [ "$device" != tunnel ] || device=tunnel_$host device=${!device}
        in_host $host ip link add vx0 type vxlan id 10 dstport 4789 local "$local" remote "$remote" dev "$device"
        in_host $host ip addr add 10.79.0.$number/24 dev vx0
        in_host $host ip link set vx0 up
        local=$3 remote=$2 number=2
    done
}
