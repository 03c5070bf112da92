# Sourced after wireguard.sh: one Ethernet segment between the hosts, each daemon set up from a file.

segment_tap_a=${tunnel_a}tap
segment_tap_b=${tunnel_b}tap

# segment_up compact|standard|vxlan FOLDER: the files go to the folder. Afterwards the TAPs are there, up, and without
# addresses.
segment_up() {
    local key_a key_b
    key_a=$(wg genkey)
    key_b=$(wg genkey)
    segment_host_up "$1" "$2" a host-b "$tunnel_a" "$key_a" "$key_b" "$underlay_a" "$underlay_b" "$overlay_a" "$overlay_b"
    segment_host_up "$1" "$2" b host-a "$tunnel_b" "$key_b" "$key_a" "$underlay_b" "$underlay_a" "$overlay_b" "$overlay_a"
}

# segment_host_up MODE FOLDER HOST PEER NAME KEY PEER_KEY UNDERLAY PEER_UNDERLAY OVERLAY PEER_OVERLAY
segment_host_up() {
    local mode=$1 file=$2/$5.conf host=$3
    shift 3
    (umask 077 && segment_file "$mode" "$@" >"$file")
    start_daemon "$host" "$wireguard_daemon" --config "$file"
}

# segment_file MODE PEER NAME KEY PEER_KEY UNDERLAY PEER_UNDERLAY OVERLAY PEER_OVERLAY
segment_file() {
    local mode=$1 peer=$2
    shift 2
    echo "[Interface]"
    [ "$mode" = vxlan ] || printf 'PrivateKey = %s\nListenPort = 51820\n' "$2"
    [ "$mode" != standard ] || echo "Address = $6/24"
    printf '[Segment lan]\nVNI = 10\nPort = tap:%stap\n' "$1"
    if [ "$mode" = vxlan ]; then
        printf 'Encap = vxlan\nLocal = %s\nRemote = %s\n' "$4" "$5"
        return
    fi
    printf '[Peer]\nName = %s\nPublicKey = %s\nEndpoint = %s:51820\nSegments = lan\n' "$peer" "$(wg pubkey <<<"$3")" "$5"
    [ "$mode" != standard ] || printf 'AllowedIPs = %s/32\nVtep = %s\n' "$7" "$7"
}
