# vtun with a TAP over UDP, neither encrypted nor compressed.

peer_prepare() { is_present vtund || apt_install vtun || { echo "this distribution has no vtun"; return 1; }; }
peer_version() { dpkg-query -W -f='vtun ${Version}\n' vtun 2>/dev/null || echo vtun; }

peer_up() {
    cat >"$peer_folder/vtund.conf" <<CONF
options { port 5000; ip /bin/true; ifconfig /bin/true; }
default { compress no; encrypt no; speed 0; }
bench { passwd bench; type ether; device vtun0; proto udp; keepalive no; }
CONF
    in_host a vtund -n -s -f "$peer_folder/vtund.conf" >"$peer_folder/a.log" 2>&1 </dev/null &
    wait_for 5 vtun_listens || return 1
    in_host b vtund -n -p -f "$peer_folder/vtund.conf" bench "$underlay_a" >"$peer_folder/b.log" 2>&1 </dev/null &
    address_when_there a vtun0 "$overlay_a"
    address_when_there b vtun0 "$overlay_b"
    target=$overlay_b
}

vtun_listens() { in_host a ss -Hltn 'sport = 5000' | grep -q .; }
