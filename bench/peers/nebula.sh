# Nebula, one variant per cipher: a certificate authority for the run, each host knows the other's underlay address.

peer_variants() { echo 'aes chachapoly'; }
peer_prepare() { is_present nebula || apt_install nebula || { echo "this distribution has no nebula"; return 1; }; }
peer_version() { nebula -version | sed "s/Version: /nebula /"; }

peer_up() {
    (
        cd "$peer_folder" || exit
        nebula-cert ca -name bench -duration 24h
        nebula-cert sign -name a -ip "$overlay_a/24"
        nebula-cert sign -name b -ip "$overlay_b/24"
    ) >/dev/null
    nebula_host_up a "$1" "$overlay_b" "$underlay_b"
    nebula_host_up b "$1" "$overlay_a" "$underlay_a"
    target=$overlay_b
}

# nebula_host_up HOST CIPHER OTHER_OVERLAY OTHER_UNDERLAY
nebula_host_up() {
    local base=$peer_folder/$1
    cat >"$base.yml" <<YAML
pki: {ca: $peer_folder/ca.crt, cert: $base.crt, key: $base.key}
static_host_map: {"$3": ["$4:4242"]}
lighthouse: {am_lighthouse: false}
listen: {host: 0.0.0.0, port: 4242}
cipher: $2
tun: {dev: neb0}
firewall:
  outbound: [{port: any, proto: any, host: any}]
  inbound: [{port: any, proto: any, host: any}]
YAML
    in_host "$1" nebula -config "$base.yml" >"$base.log" 2>&1 </dev/null &
}
