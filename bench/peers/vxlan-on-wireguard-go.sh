# Ethernet as people build it by hand: the kernel's vxlan device over wireguard-go from Debian backports.

. bench/peers/wireguard-go-backports.sh

peer_up() {
    wireguard_daemon=$backports_daemon
    wireguard_up
    wait_for 10 in_host a ping -n -c 1 -W 0.2 "$overlay_b"
    vxlan_up tunnel "$overlay_a" "$overlay_b"
    target=$vxlan_overlay_b
}
