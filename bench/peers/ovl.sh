# ovl: its L3 tunnel with each AEAD provider and with two workers, and its L2 modes with the best provider there is.

. bench/lib/segments.sh

peer_variants() { echo 'l3-ipsec-mb l3-openssl l3-jdk l3-two-workers compact standard vxlan'; }

peer_prepare() {
    [ -x "$project/target/ovl/bin/ovld" ] || { echo "target/ovl/bin/ovld is not built"; return 1; }
    if [ "$1" = l3-ipsec-mb ] && ! is_present lib:libIPSec_MB.so; then
        echo "libipsec-mb is not installed"
        return 1
    fi
}

# Then the JVM has compiled what the packet paths need, and given back what that took.
peer_settles() { echo 12; }

peer_version() { "$project/target/ovl/bin/ovlctl" version | head -1; }

peer_up() {
    wireguard_daemon=$project/target/ovl/bin/ovld
    case $1 in
        l3-two-workers) OVL_WORKERS=2 wireguard_up ;;
        l3-cold) OVL_WARM_UP=off wireguard_up ;;
        l3-*) OVL_AEAD=${1#l3-} wireguard_up ;;
        *) ethernet_up "$1"; return ;;
    esac
    target=$overlay_b
}

ethernet_up() {
    segment_up "$1" "$peer_folder"
    in_host a ip addr add 10.78.0.1/24 dev "$segment_tap_a"
    in_host b ip addr add 10.78.0.2/24 dev "$segment_tap_b"
    target=10.78.0.2
}
