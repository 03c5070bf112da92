# fastd with a TAP: authenticated without encryption (null), and with its fastest recommended cipher.

peer_variants() { echo 'null salsa2012+umac'; }
peer_prepare() { is_present fastd || apt_install fastd || { echo "this distribution has no fastd"; return 1; }; }
peer_version() { fastd --version; }

peer_up() {
    local host
    for host in a b; do
        fastd --generate-key >"$peer_folder/$host.keys" 2>/dev/null
    done
    fastd_host_up a b "$1" "$overlay_a" "$underlay_a" "$underlay_b"
    fastd_host_up b a "$1" "$overlay_b" "$underlay_b" "$underlay_a"
    target=$overlay_b
}

fastd_key() { sed -n "s/^$2: //p" "$peer_folder/$1.keys"; }

# fastd_host_up HOST OTHER METHOD OVERLAY UNDERLAY OTHER_UNDERLAY
fastd_host_up() {
    local base=$peer_folder/$1
    cat >"$base.conf" <<CONF
mode tap;
interface "fastd0";
mtu 1426;
method "$3";
bind $5:10000;
secret "$(fastd_key "$1" Secret)";
peer "$2" {
    key "$(fastd_key "$2" Public)";
    remote $6:10000;
}
CONF
    in_host "$1" fastd --config "$base.conf" >"$base.log" 2>&1 </dev/null &
    address_when_there "$1" fastd0 "$4"
}
