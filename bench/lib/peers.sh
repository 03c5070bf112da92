# Sourced after hosts.sh and load.sh: the tunnels that can be measured, each a file in bench/peers.

all_peers=$(basename -s .sh bench/peers/*.sh | xargs)

# Each peer is a file that defines peer_prepare, peer_version and peer_up (which sets target, the address of host b),
# peer_variants if it has some, and peer_settles if a daemon that does nothing takes longer than a second to give back
# what its start took. It is sourced into a subshell, so that no peer sees another's functions.
with_peer() {
    local peer=$1
    shift
    (
        peer_variants() { echo ''; }
        peer_settles() { echo 1; }
        # shellcheck disable=SC1090 # each is checked as a script of its own
        . "bench/peers/${peer%%:*}.sh"
        "$@"
    )
}

variant_of() { case $1 in *:*) echo "${1#*:}" ;; esac; }

# A script that was asked for less defines it anew.
is_wanted() { :; }

# Called once all peers have been measured once more. A script whose runs are long defines it to write down what there
# is.
after_repeat() { :; }

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

# Gets hold of what $peers take, and leaves in $runnable those that can be measured here.
prepare_peers() {
    ensure_packages required_packages
    ensure_optional_packages
    case " $peers " in *' ovl'[\ :]*)
        ensure_jdk
        [ -z "$build" ] || build ;;
    esac
    runnable=$(runnable_peers)
    [ -n "$runnable" ] || die "nothing to measure"
}

# measure_in_turn FUNCTION: each runnable peer, $repeats times, by FUNCTION PEER REPEAT, whose output, rows of JSON,
# goes to the file $rows. A peer that fails is named in $failed, and left out from then on.
measure_in_turn() {
    local repeat peer
    rows=$(mktemp) failed=''
    trap 'hosts_down; rm -f "$rows"' EXIT
    trap 'exit 130' INT TERM
    for ((repeat = 1; repeat <= repeats; repeat++)); do
        for peer in $runnable; do
            [[ "$failed " != *" $peer "* ]] || continue
            say "repeat $repeat of $repeats: $peer"
            with_peer "$peer" "$1" "$peer" "$repeat" >>"$rows" || failed+=" $peer"
        done
        after_repeat
    done
}

# start_peer PEER: the two hosts with that peer between them, for as long as the subshell goes on that has sourced the
# peer's file. Leaves target, and in first_ping_ms how long it took until a ping was answered.
start_peer() {
    local begin
    target=''
    peer_folder=$(mktemp -d)
    trap 'hosts_down; rm -rf "$peer_folder"' EXIT
    trap 'exit 130' INT TERM
    hosts_up
    begin=$(now_ms)
    peer_up "$(variant_of "$1")" || { come_to_nothing "$1 did not come up"; return 1; }
    wait_for 15 in_host a ping -n -c 1 -W 0.1 "$target" || { come_to_nothing "no ping through $1"; return 1; }
    first_ping_ms=$(($(now_ms) - begin))
}

come_to_nothing() {
    say "$1"
    tail -n 3 "$peer_folder"/*.log >&2 2>/dev/null || true
}
