# OpenVPN in userspace with a TAP, one variant per cipher: two peers that know each other's certificate.

peer_variants() { echo 'aes-256-gcm chacha20-poly1305'; }

peer_prepare() {
    is_present openvpn || apt_install openvpn || { echo "this distribution has no openvpn"; return 1; }
    is_present openssl || apt_install openssl || { echo "this distribution has no openssl"; return 1; }
}

peer_version() { openvpn --version | sed -n '1s/ \[.*\| x86.*//p'; }

peer_up() {
    local host
    for host in a b; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$host" \
            -keyout "$peer_folder/$host.key" -out "$peer_folder/$host.crt" 2>/dev/null
    done
    openvpn_host_up a b "$1" "$overlay_a" "$underlay_b" --tls-server --dh none
    openvpn_host_up b a "$1" "$overlay_b" "$underlay_a" --tls-client
    target=$overlay_b
}

# openvpn_host_up HOST OTHER CIPHER OVERLAY OTHER_UNDERLAY ROLE_OPTION...
openvpn_host_up() {
    local base=$peer_folder/$1 fingerprint
    fingerprint=$(openssl x509 -in "$peer_folder/$2.crt" -noout -fingerprint -sha256 | cut -d= -f2)
    in_host "$1" openvpn --dev tap0 --proto udp --remote "$5" --ifconfig "$4" 255.255.255.0 --cert "$base.crt" --key "$base.key" \
        --peer-fingerprint "$fingerprint" --data-ciphers "${3^^}" --data-ciphers-fallback "${3^^}" "${@:6}" >"$base.log" 2>&1 </dev/null &
}
