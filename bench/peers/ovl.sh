# ovl's L3 tunnel, one variant per AEAD provider.

peer_variants() { echo 'ipsec-mb openssl jdk'; }

peer_prepare() {
    [ -x "$project/target/ovl/bin/ovld" ] || { echo "target/ovl/bin/ovld is not built"; return 1; }
    if [ "$1" = ipsec-mb ] && ! is_present lib:libIPSec_MB.so; then
        echo "libipsec-mb is not installed"
        return 1
    fi
}

peer_version() { "$project/target/ovl/bin/ovlctl" version | head -1; }

peer_up() {
    wireguard_daemon=$project/target/ovl/bin/ovld
    export OVL_AEAD=$1
    wireguard_up
    target=$overlay_b
}
