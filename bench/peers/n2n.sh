# n2n: a supernode beside the edge on host a, Twofish, which is all that version 1 has.

peer_prepare() { is_present supernode || apt_install n2n || { echo "this distribution has no n2n"; return 1; }; }
peer_version() { dpkg-query -W -f='n2n ${Version}\n' n2n 2>/dev/null || echo n2n; }

peer_up() {
    in_host a supernode -l 7654 >"$peer_folder/supernode.log" 2>&1 </dev/null &
    # An edge whose first registration is lost waits a minute for the next.
    wait_for 5 n2n_supernode_listens || return 1
    n2n_host_up a "$overlay_a"
    n2n_host_up b "$overlay_b"
    target=$overlay_b
}

n2n_supernode_listens() { [ -n "$(in_host a ss -Hlun 'sport = 7654')" ]; }

n2n_host_up() {
    in_host "$1" edge -d n2n0 -a "$2" -s 255.255.255.0 -c bench -k bench -l "$underlay_a:7654" -u 0 -g 0 >"$peer_folder/$1.log" 2>&1 </dev/null &
}
