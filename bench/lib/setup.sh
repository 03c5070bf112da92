# Sourced by the scripts of this folder: the root check, the packages, the JDK and the build.
# Nothing is installed, and apt is not started, where everything is already there.

# Where nft, iptables and ldconfig lie; a plain `su` leaves it out.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { echo "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

require_root() {
    [ "$(id -u)" = 0 ] || die "network namespaces and TUN devices need root: sudo $0"
    [ "$(uname -s)" = Linux ] || die "ovl runs on Linux only"
    if [ ! -c /dev/net/tun ]; then
        modprobe tun 2>/dev/null || true
        [ -c /dev/net/tun ] || die "there is no /dev/net/tun: load the kernel's tun module (in a container: --device /dev/net/tun --cap-add NET_ADMIN)"
    fi
}

# A word that shows the thing is there (a command, or lib:NAME for a shared library), then the packages that bring it,
# best first.
required_packages() {
    cat <<'LIST'
mvn           maven
ip            iproute2
ping          iputils-ping
sysctl        procps
wg            wireguard-tools
iperf3        iperf3
jq            jq
ethtool       ethtool
tcpdump       tcpdump
lib:libcrypto.so.3 libssl3t64 libssl3
LIST
}

test_packages() {
    cat <<'LIST'
wireguard-go  wireguard-go
tshark        tshark
nft           nftables
iptables      iptables
conntrack     conntrack
socat         socat
python3       python3
strace        strace
dnsmasq       dnsmasq-base
udhcpc        udhcpc
LIST
}

# For guests that get their addresses by DHCP.
guest_packages() {
    cat <<'LIST'
dnsmasq       dnsmasq-base
udhcpc        udhcpc
LIST
}

# What makes ovl faster but is not in every distribution, nor for every processor.
optional_packages() {
    cat <<'LIST'
lib:libIPSec_MB.so libipsec-mb1 libipsec-mb2
LIST
}

is_present() {
    case "$1" in
        lib:*) [[ $(ldconfig -p) == *"${1#lib:}"* ]] ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# Keeps of "MARK PACKAGE..." lines those whose mark is missing.
missing_from() {
    local mark packages
    while read -r mark packages; do
        is_present "$mark" || echo "$mark $packages"
    done
}

first_installable() {
    local package
    for package in "$@"; do
        if [[ $(apt-cache policy "$package" 2>/dev/null) == *'Candidate: '[0-9]* ]]; then
            echo "$package"
            return
        fi
    done
    return 1
}

apt_lists_are_fresh=
refresh_apt_lists() {
    [ -z "$apt_lists_are_fresh" ] || return 0
    apt-get update -qq >/dev/null || say "apt-get update failed, going on with the package lists that are there"
    apt_lists_are_fresh=yes
}

apt_install() {
    local log
    log=$(mktemp)
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1 </dev/null; then
        tail -20 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# ensure_packages LIST_FUNCTION...: installs what those lists name and this machine lacks.
ensure_packages() {
    local missing mark names chosen packages=()
    missing=$(for list in "$@"; do "$list"; done | missing_from)
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || die "these are missing, and there is no apt-get to install them with: $(cut -d' ' -f1 <<<"$missing" | xargs)"
    refresh_apt_lists
    while read -r mark names; do
        # shellcheck disable=SC2086 # names is a list of words
        chosen=$(first_installable $names) || die "no package of this distribution brings $mark (looked for: $names)"
        packages+=("$chosen")
    done <<<"$missing"
    say "installing ${packages[*]}"
    apt_install "${packages[@]}" || die "could not install ${packages[*]}"
}

# Tries once per boot: a machine that has no such package does not ask apt again at each run.
ensure_optional_packages() {
    local missing names chosen tried=/run/ovl-optional-packages-tried
    missing=$(optional_packages | missing_from)
    [ -n "$missing" ] && [ ! -e "$tried" ] && command -v apt-get >/dev/null || return 0
    : >"$tried"
    refresh_apt_lists
    while read -r _ names; do
        # shellcheck disable=SC2086
        chosen=$(first_installable $names) || continue
        say "installing $chosen (optional)"
        apt_install "$chosen" || say "could not install $chosen, going on without it"
    done <<<"$missing"
}

# Leaves the JDK's home in JAVA25_HOME, where Maven's toolchain discovery and bin/ovld look.
ensure_jdk() {
    local home
    if ! home=$("$project/.ci/find-jdk" 2>/dev/null); then
        if command -v apt-get >/dev/null; then
            refresh_apt_lists
            if first_installable openjdk-25-jdk-headless >/dev/null; then
                say "installing openjdk-25-jdk-headless"
                apt_install openjdk-25-jdk-headless || true
            fi
        fi
        home=$("$project/.ci/find-jdk") || exit 1
    fi
    export JAVA25_HOME=$home OVL_JAVA_HOME=$home
}

# Runs a command as the owner of the checkout, so that sudo leaves no files of root's in it.
as_owner() {
    local owner home
    owner=$(stat -c %U "$project/pom.xml")
    if [ "$owner" = root ] || [ "$owner" = UNKNOWN ]; then
        "$@"
    else
        home=$(getent passwd "$owner" | cut -d: -f6)
        runuser -u "$owner" -- env HOME="$home" JAVA25_HOME="$JAVA25_HOME" "$@"
    fi
}

build() {
    say "building (mvn -q -DskipTests package)"
    # It resets a colour that it never set, at the end of each module.
    (cd "$project" && as_owner mvn -q -B -DskipTests package 2>&1 | sed 's/\x1b\[0m//g') >&2 || die "the build failed"
}
