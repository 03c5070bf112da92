#!/usr/bin/env bash
# Installs what `mvn package` has built, with the unit, the user, the man pages and the completion that belong to it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
built=$here/../target/ovl

usage() {
    cat <<USAGE
usage: sudo [PREFIX=/usr/local] [DESTDIR=FOLDER] systemd/install.sh [--uninstall]
  PREFIX        where to install to (default /usr/local)
  DESTDIR       put everything below this folder instead, as packagers do; nothing of this machine is changed then
  --uninstall   remove it again; configurations in /etc/ovl and the user ovl stay
USAGE
}

die() { echo "install.sh: $*" >&2; exit 1; }

uninstall=
case "$*" in
    '') ;;
    --uninstall) uninstall=yes ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac
PREFIX=${PREFIX:-/usr/local} PREFIX=${PREFIX%/}
DESTDIR=${DESTDIR:-} DESTDIR=${DESTDIR%/}
# It goes into the unit, where most other characters would need quoting.
[[ "$PREFIX" =~ ^(/[A-Za-z0-9._+-]+)+$ ]] || die "PREFIX has to be an absolute path of letters, digits and . _ + -"

# systemd looks for its files below these two prefixes only, and in /etc.
case $PREFIX in
    /usr|/usr/local) settings=$DESTDIR$PREFIX/lib ;;
    *) settings=$DESTDIR/etc ;;
esac
home=$DESTDIR$PREFIX/lib/ovl
units=$settings/systemd/system
sysusers=$settings/sysusers.d/ovl.conf
tmpfiles=$settings/tmpfiles.d/ovl.conf
man=$DESTDIR$PREFIX/share/man
completion=$DESTDIR$PREFIX/share/bash-completion/completions/ovlctl
ovlctl=$DESTDIR$PREFIX/bin/ovlctl
ovld=$DESTDIR$PREFIX/sbin/ovld

is_this_machine() { [ -z "$DESTDIR" ]; }
is_systemd_running() { [ -d /run/systemd/system ]; }

# The launchers pass over a cache that is older than a jar, so the times are kept. Files that a daemon has open stay
# whole for it.
install_programs() {
    rm -rf "$home.new"
    install -d "$home.new/bin" "$home.new/lib"
    install -p -m 755 "$built"/bin/ovld "$built"/bin/ovlctl "$home.new/bin"
    install -p -m 644 "$built"/bin/ovl-java "$home.new/bin"
    install -p -m 644 "$built"/lib/* "$home.new/lib"
    install -d "$home" "${ovlctl%/*}" "${ovld%/*}"
    rm -rf "${home:?}/bin" "${home:?}/lib"
    mv "$home.new/bin" "$home.new/lib" "$home"
    rmdir "$home.new"
    ln -sfn ../lib/ovl/bin/ovlctl "$ovlctl"
    ln -sfn ../lib/ovl/bin/ovld "$ovld"
}

install_files() {
    install -d "$units"
    sed "s|/usr/lib/ovl/|$PREFIX/lib/ovl/|" "$here/ovld@.service" | install -m 644 /dev/stdin "$units/ovld@.service"
    install -m 644 "$here/ovl.target" "$units"
    install -D -m 644 "$here/ovl.sysusers.conf" "$sysusers"
    install -D -m 644 "$here/ovl.tmpfiles.conf" "$tmpfiles"
    install -D -m 644 -t "$man/man8" "$here/ovld.8" "$here/ovlctl.8"
    install -D -m 644 -t "$man/man5" "$here/ovl.conf.5"
    install -D -m 644 "$here/ovlctl.bash" "$completion"
}

# The user, /etc/ovl and the folders of the sockets.
set_up_this_machine() {
    if command -v systemd-sysusers >/dev/null; then
        systemd-sysusers "$sysusers"
        systemd-tmpfiles --create "$tmpfiles"
        ! is_systemd_running || systemctl daemon-reload
    else
        echo "There is no systemd here: the programs are of use, the unit is not, and there is no user for it." >&2
    fi
    # As the unit runs it: a Java that only the caller's environment knows of is none to the daemons.
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin "$ovlctl" version >/dev/null || die "installed, but it does not start"
}

uninstall() {
    if is_this_machine && is_systemd_running && [ -n "$(systemctl list-units --plain --no-legend --state=active 'ovld@*')" ]; then
        die "daemons run; first: systemctl disable --now \$(systemctl list-units --plain --no-legend 'ovld@*' | cut -d' ' -f1)"
    fi
    rm -rf "${home:?}/bin" "${home:?}/lib"
    rm -f "$ovlctl" "$ovld" "$units/ovld@.service" "$units/ovl.target" "$sysusers" "$tmpfiles"
    rm -f "$man/man8/ovld.8" "$man/man8/ovlctl.8" "$man/man5/ovl.conf.5" "$completion"
    [ ! -d "$home" ] || rmdir --ignore-fail-on-non-empty "$home"
    ! { is_this_machine && is_systemd_running; } || systemctl daemon-reload
}

! is_this_machine || [ "$(id -u)" = 0 ] || die "this needs root: sudo $0"
if [ -n "$uninstall" ]; then
    uninstall
    exit
fi
[ -f "$built/bin/ovld" ] || die "nothing is built yet: mvn -q -DskipTests package"
umask 022
install_programs
install_files
if is_this_machine; then
    set_up_this_machine
    echo "Installed to $PREFIX. Next: write /etc/ovl/NAME.conf, chown it and its key files to ovl, and systemctl enable --now ovld@NAME"
fi
