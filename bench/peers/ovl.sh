# ovl: its L3 tunnel with each AEAD provider and with two workers, and its L2 modes with the best provider there is.

peer_variants() { echo 'l3-ipsec-mb l3-openssl l3-jdk l3-two-workers compact standard vxlan'; }

peer_prepare() {
    [ -x "$project/target/ovl/bin/ovld" ] || { echo "target/ovl/bin/ovld is not built"; return 1; }
    if [ "$1" = l3-ipsec-mb ] && ! is_present lib:libIPSec_MB.so; then
        echo "libipsec-mb is not installed"
        return 1
    fi
}

peer_version() { "$project/target/ovl/bin/ovlctl" version | head -1; }

peer_up() {
    wireguard_daemon=$project/target/ovl/bin/ovld
    case $1 in
        l3-two-workers) OVL_WORKERS=2 wireguard_up ;;
        l3-*) OVL_AEAD=${1#l3-} wireguard_up ;;
        *) segment_up "$1"; target=$segment_b; return ;;
    esac
    target=$overlay_b
}

segment_b=10.78.0.2

# segment_up MODE: one segment between the hosts, each daemon set up from a file.
segment_up() {
    local key_a key_b
    key_a=$(wg genkey)
    key_b=$(wg genkey)
    segment_host_up "$1" a "$tunnel_a" "$key_a" "$key_b" "$underlay_a" "$underlay_b" "$overlay_a" "$overlay_b"
    segment_host_up "$1" b "$tunnel_b" "$key_b" "$key_a" "$underlay_b" "$underlay_a" "$overlay_b" "$overlay_a"
    in_host a ip addr add 10.78.0.1/24 dev "${tunnel_a}tap"
    in_host b ip addr add $segment_b/24 dev "${tunnel_b}tap"
}

# segment_host_up MODE HOST NAME KEY PEER_KEY UNDERLAY PEER_UNDERLAY OVERLAY PEER_OVERLAY
segment_host_up() {
    local mode=$1 host=$2 name=$3 file=$peer_folder/$3.conf
    {
        echo "[Interface]"
        [ "$mode" = vxlan ] || printf 'PrivateKey = %s\nListenPort = 51820\n' "$4"
        [ "$mode" != standard ] || echo "Address = $8/24"
        printf '[Segment lan]\nVNI = 10\nPort = tap:%stap\n' "$name"
        case $mode in
            vxlan) printf 'Encap = vxlan\nLocal = %s\nRemote = %s\n' "$6" "$7" ;;
            *) printf '[Peer]\nName = other\nPublicKey = %s\nEndpoint = %s:51820\nSegments = lan\n' "$(wg pubkey <<<"$5")" "$7" ;;
        esac
        [ "$mode" != standard ] || printf 'AllowedIPs = %s/32\nVtep = %s\n' "$9" "$9"
    } >"$file"
    start_daemon "$host" "$wireguard_daemon" --config "$file"
    in_host "$host" ip link set "${name}tap" up
}
