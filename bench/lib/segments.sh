# Sourced after wireguard.sh: one Ethernet segment between the hosts, each daemon set up from a file.

segment_tap_a=${tunnel_a}tap
segment_tap_b=${tunnel_b}tap

# segment_up compact|standard|vxlan FOLDER: the files go to the folder. Afterwards the TAPs are there, up, and without addresses.
segment_up() {
    local key_a key_b
    key_a=$(wg genkey)
    key_b=$(wg genkey)
    segment_host_up "$1" "$2" a "$tunnel_a" "$key_a" "$key_b" "$underlay_a" "$underlay_b" "$overlay_a" "$overlay_b"
    segment_host_up "$1" "$2" b "$tunnel_b" "$key_b" "$key_a" "$underlay_b" "$underlay_a" "$overlay_b" "$overlay_a"
}

# segment_host_up MODE FOLDER HOST NAME KEY PEER_KEY UNDERLAY PEER_UNDERLAY OVERLAY PEER_OVERLAY
segment_host_up() {
    local mode=$1 file=$2/$4.conf host=$3 name=$4
    shift 3
    (umask 077 && segment_file "$mode" "$@" >"$file")
    start_daemon "$host" "$wireguard_daemon" --config "$file"
}

# segment_file MODE NAME KEY PEER_KEY UNDERLAY PEER_UNDERLAY OVERLAY PEER_OVERLAY
segment_file() {
    echo "[Interface]"
    [ "$1" = vxlan ] || printf 'PrivateKey = %s\nListenPort = 51820\n' "$3"
    [ "$1" != standard ] || echo "Address = $7/24"
    printf '[Segment lan]\nVNI = 10\nPort = tap:%stap\n' "$2"
    if [ "$1" = vxlan ]; then
        printf 'Encap = vxlan\nLocal = %s\nRemote = %s\n' "$5" "$6"
        return
    fi
    printf '[Peer]\nName = other\nPublicKey = %s\nEndpoint = %s:51820\nSegments = lan\n' "$(wg pubkey <<<"$4")" "$6"
    [ "$1" != standard ] || printf 'AllowedIPs = %s/32\nVtep = %s\n' "$8" "$8"
}
