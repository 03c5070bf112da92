# The kernel's own VXLAN, in the clear.

peer_prepare() { :; }
peer_version() { uname -r; }

peer_up() {
    vxlan_up veth0 "$underlay_a" "$underlay_b"
    target=$vxlan_overlay_b
}
