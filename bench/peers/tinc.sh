# tinc 1.0 in its default mode, routed, with its default ciphers.

peer_prepare() { is_present tincd || apt_install tinc || { echo "this distribution has no tinc"; return 1; }; }
peer_version() { tincd --version | sed -n '1s/ version//p'; }

peer_up() {
    tinc_keys a b "$overlay_a" "$underlay_a"
    tinc_keys b a "$overlay_b" "$underlay_b"
    cp "$peer_folder/a/hosts/a" "$peer_folder/b/hosts/"
    cp "$peer_folder/b/hosts/b" "$peer_folder/a/hosts/"
    tinc_host_up a "$overlay_a"
    tinc_host_up b "$overlay_b"
    target=$overlay_b
}

# tinc_keys HOST OTHER OVERLAY UNDERLAY
tinc_keys() {
    local folder=$peer_folder/$1
    mkdir -p "$folder/hosts"
    printf 'Name = %s\nConnectTo = %s\nInterface = tinc0\nDeviceType = tun\n' "$1" "$2" >"$folder/tinc.conf"
    printf 'Address = %s\nSubnet = %s/32\n' "$4" "$3" >"$folder/hosts/$1"
    tincd -c "$folder" -K2048 </dev/null >/dev/null 2>&1
}

tinc_host_up() {
    local folder=$peer_folder/$1
    in_host "$1" tincd -c "$folder" --pidfile="$folder/pid" -D >"$folder/log" 2>&1 </dev/null &
    address_when_there "$1" tinc0 "$2"
}
