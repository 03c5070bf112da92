# Sourced after hosts.sh: behind each host a guest that knows nothing of ovl, as a machine on a switch port would be.
#
#   guest-a: eth0, address and MTU by DHCP ------- host a: br0, the segment's TAP in it
#                                                       | ovl
#   guest-b: eth0 10.78.0.1/24, serves DHCP ------ host b: br0, the segment's TAP in it

guest_address_b=10.78.0.1
guest_address_a=

# guests_up TAP_A TAP_B FOLDER: the TAPs are there; files of the DHCP server and client go to the folder.
guests_up() {
    local folder=$3 mtu
    mtu=$(in_host b cat "/sys/class/net/$2/mtu")
    guest_up a "$1"
    guest_up b "$2"
    in_host guest-b ip link set eth0 mtu "$mtu"
    in_host guest-b ip addr add $guest_address_b/24 dev eth0
    in_host guest-b dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces --user=root \
        --dhcp-range=10.78.0.100,10.78.0.199,1h --dhcp-option="option:mtu,$mtu" --dhcp-authoritative \
        --dhcp-leasefile="$folder/leases" --pid-file="$folder/dnsmasq.pid" >"$folder/dnsmasq.log" 2>&1 </dev/null &
    write_lease_script "$folder/lease"
    in_host guest-a timeout 30 udhcpc -i eth0 -f -n -q -t 20 -T 1 -s "$folder/lease" >"$folder/udhcpc.log" 2>&1 </dev/null ||
        { cat "$folder/udhcpc.log" "$folder/dnsmasq.log" >&2; die "the guest of host a got no address by DHCP"; }
    guest_address_a=$(in_host guest-a ip -j addr show dev eth0 | jq -r '.[0].addr_info[] | select(.family == "inet") | .local')
}

# guest_up HOST TAP
guest_up() {
    local guest=$host_names-guest-$1
    ip netns add "$guest"
    in_host "guest-$1" ip link set lo up
    in_host "$1" ip link add br0 type bridge
    in_host "$1" ip link set "$2" master br0
    in_host "$1" ip link add guest0 type veth peer name eth0 netns "$guest"
    in_host "$1" ip link set guest0 master br0
    for device in "$2" guest0 br0; do
        in_host "$1" ip link set "$device" up
    done
    in_host "guest-$1" ip link set eth0 up
}

# What the DHCP client does with a lease. The distribution's own script would write to /etc.
write_lease_script() {
    cat >"$1" <<'LEASE'
#!/bin/sh
[ "$1" = bound ] || exit 0
[ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
ip addr add "$ip/$mask" dev "$interface"
LEASE
    chmod +x "$1"
}

# Ends and removes the guests; safe to call at any point.
guests_down() {
    local guest
    for guest in "$host_names-guest-a" "$host_names-guest-b"; do
        [ -e "/run/netns/$guest" ] || continue
        end_processes_of "$guest"
        ip netns del "$guest" || true
    done
}
