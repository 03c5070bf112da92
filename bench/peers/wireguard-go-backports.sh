# wireguard-go from Debian backports, the version with segmentation and receive offloads. It is unpacked below
# target/peers, with package lists of its own: neither the installed wireguard-go nor the machine's apt sources change.

backports=$project/target/peers/backports
backports_daemon=$backports/root/usr/bin/wireguard-go

backports_apt() {
    apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$backports/sources" \
        -o Dir::State::Lists="$backports/lists" -o Dir::Cache="$backports/cache" "$@"
}

peer_prepare() {
    [ ! -x "$backports_daemon" ] || return 0
    local ID='' VERSION_CODENAME='' log=$backports/log
    . /etc/os-release
    [ "$ID" = debian ] || { echo "only Debian has backports"; return 1; }
    mkdir -p "$backports"/{sources,lists/partial,cache/archives/partial,root}
    cat >"$backports/sources/backports.sources" <<SOURCES
Types: deb
URIs: http://deb.debian.org/debian
Suites: $VERSION_CODENAME-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    if ! (backports_apt update && cd "$backports" && backports_apt download "wireguard-go/$VERSION_CODENAME-backports" &&
        dpkg-deb -x wireguard-go_*.deb root) >"$log" 2>&1; then
        echo "$VERSION_CODENAME-backports has no wireguard-go, or cannot be reached (see $log)"
        return 1
    fi
}

peer_version() { "$backports_daemon" --version | head -1; }

peer_up() {
    wireguard_daemon=$backports_daemon
    wireguard_up
    target=$overlay_b
}
