# Sourced after setup.sh: the tunnels that can be measured, each a file in bench/peers.

all_peers=$(basename -s .sh bench/peers/*.sh | xargs)

# Each peer is a file that defines peer_prepare, peer_version and peer_up (which sets target, the address of host b),
# and peer_variants if it has some. It is sourced into a subshell, so that no peer sees another's functions.
with_peer() {
    local peer=$1
    shift
    (
        peer_variants() { echo ''; }
        # shellcheck disable=SC1090 # each is checked as a script of its own
        . "bench/peers/${peer%%:*}.sh"
        "$@"
    )
}

variant_of() { case $1 in *:*) echo "${1#*:}" ;; esac; }

# A script that was asked for less defines it anew.
is_wanted() { :; }

# NAME:VARIANT words for what was asked for, less what cannot run here.
runnable_peers() {
    local word name variant reason peer
    for word in $peers; do
        name=${word%%:*}
        [ -f "bench/peers/$name.sh" ] || die "there is no peer $name (there are: $all_peers)"
        for variant in $(variant_of "$word" | grep . || with_peer "$name" peer_variants | grep . || echo -); do
            variant=${variant#-}
            peer=$name${variant:+:$variant}
            is_wanted "$peer" || continue
            if reason=$(with_peer "$name" peer_prepare "$variant"); then
                echo "$peer"
            else
                say "without $peer: $reason"
            fi
        done
    done
}
