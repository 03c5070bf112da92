# Nebula, one variant per cipher: a certificate authority for the run, each host knows the other's underlay address.

peer_variants() { echo 'aes chachapoly'; }
peer_prepare() { is_present nebula || apt_install nebula || { echo "this distribution has no nebula"; return 1; }; }
peer_version() { nebula -version | sed "s/Version: /nebula /"; }

peer_up() {
    local folder
    folder=$(mktemp -d)
    (
        cd "$folder" || exit
        nebula-cert ca -name bench -duration 24h
        nebula-cert sign -name a -ip "$overlay_a/24"
        nebula-cert sign -name b -ip "$overlay_b/24"
    ) >/dev/null
    nebula_host_up a "$folder" "$1" "$overlay_b" "$underlay_b"
    nebula_host_up b "$folder" "$1" "$overlay_a" "$underlay_a"
    target=$overlay_b
    wait_for 15 in_host a ping -n -c 1 -W 1 "$target" || { cat "$folder"/*.log >&2; rm -rf "$folder"; return 1; }
    rm -rf "$folder"
}

# nebula_host_up HOST FOLDER CIPHER OTHER_OVERLAY OTHER_UNDERLAY
nebula_host_up() {
    local host=$1 folder=$2
    cat >"$folder/$host.yml" <<YAML
pki: {ca: $folder/ca.crt, cert: $folder/$host.crt, key: $folder/$host.key}
static_host_map: {"$4": ["$5:4242"]}
lighthouse: {am_lighthouse: false}
listen: {host: 0.0.0.0, port: 4242}
cipher: $3
tun: {dev: neb0}
firewall:
  outbound: [{port: any, proto: any, host: any}]
  inbound: [{port: any, proto: any, host: any}]
YAML
    in_host "$host" nebula -config "$folder/$host.yml" >"$folder/$host.log" 2>&1 </dev/null &
}
