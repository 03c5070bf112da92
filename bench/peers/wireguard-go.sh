# The reference userspace WireGuard as the distribution has it. On Debian 12 that is a version without segmentation
# offloads.

peer_prepare() { is_present wireguard-go || apt_install wireguard-go || { echo "this distribution has no wireguard-go"; return 1; }; }
peer_version() { wireguard-go --version | head -1; }

peer_up() {
    wireguard_daemon=wireguard-go
    wireguard_up
    target=$overlay_b
}
