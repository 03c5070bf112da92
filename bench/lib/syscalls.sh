# Sourced by syscalls.sh after hosts.sh, wireguard.sh and load.sh: what the daemons ask of the kernel while a load runs.
#
# perf counts in the kernel, by thread, without a record for each call: that costs little, where strace would stop the
# daemon twice a call.

tracepoints=/sys/kernel/tracing/events/syscalls

# Those that a packet path may have; the others are counted together.
named_syscalls='read readv write writev sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg
    epoll_wait epoll_pwait epoll_pwait2 poll ppoll select pselect6 timerfd_settime futex sched_yield'

# Those that may find nothing to read.
reading_syscalls='read readv recvfrom recvmsg recvmmsg'
eagain=11

require_tracepoints() {
    [ -d $tracepoints ] || mount -t tracefs nodev /sys/kernel/tracing 2>/dev/null || true
    [ -d $tracepoints ] || die "this kernel shows no tracepoints of system calls in $tracepoints (CONFIG_FTRACE_SYSCALLS)"
    command -v perf >/dev/null || { refresh_apt_lists && apt_install linux-perf; } || die "there is no perf"
}

# The events as perf's options, one word each line.
syscall_events() {
    local name
    printf '%s\n' -e raw_syscalls:sys_enter
    for name in $named_syscalls; do
        [ ! -d "$tracepoints/sys_enter_$name" ] || printf '%s\n' -e "syscalls:sys_enter_$name"
    done
    for name in $reading_syscalls; do
        printf '%s\n' -e "syscalls:sys_exit_$name" --filter "ret == -$eagain"
    done
}

# perf_command HOST enable|disable: returns when it has taken effect.
perf_command() {
    # shellcheck disable=SC2016 # for the inner shell to expand
    timeout 20 bash -c 'echo "$1" >"$2.control" && read -r _ <"$2.answer"' - "$2" "$peer_folder/$1" ||
        { cat "$peer_folder/$1.perf-log" >&2; return 1; }
}

perf_pids=()

counting_begin() {
    local host events
    mapfile -t events < <(syscall_events)
    perf_pids=()
    for host in a b; do
        rm -f "$peer_folder/$host".{control,answer}
        mkfifo "$peer_folder/$host".{control,answer}
        perf stat --delay=-1 --control "fifo:$peer_folder/$host.control,$peer_folder/$host.answer" -x, -o "$peer_folder/$host.perf" \
            "${events[@]}" -p "$(ip netns pids "$host_names-$host" | paste -sd,)" >"$peer_folder/$host.perf-log" 2>&1 </dev/null &
        perf_pids+=($!)
    done
    for host in a b; do
        perf_command $host enable || return 1
    done
}

counting_end() {
    local host
    for host in a b; do
        perf_command $host disable || return 1
    done
    kill -INT "${perf_pids[@]}"
    wait "${perf_pids[@]}" || true
}

# {"total", "calls": {NAME: COUNT}, "empty": {NAME: COUNT}} of what was counted last on a host.
counted() {
    grep -v '^#' "$peer_folder/$1.perf" | jq -R -s 'split("\n") | map(split(",") | select(length > 2) | {event: .[2], count: (.[0] | tonumber? // 0)})
        | def named($prefix): map(select(.event | startswith($prefix)) | select(.count > 0) | {key: .event[($prefix | length):], value: .count}) | from_entries;
        {total: (map(select(.event == "raw_syscalls:sys_enter").count) | add), calls: named("syscalls:sys_enter_"), empty: named("syscalls:sys_exit_")}'
}

# overlay_device HOST: the device through which that host has the target.
overlay_device() {
    case $1 in
        a) in_host a ip -j route get "$target" | jq -r '.[0].dev' ;;
        b) in_host b ip -j addr | jq -r --arg address "$target" '.[] | select(any(.addr_info[]; .local == $address)).ifname' ;;
    esac
}

# link_counters HOST DEVICE
link_counters() {
    in_host "$1" ip -j -s link show dev "$2" |
        jq '.[0].stats64 | {rx_packets: .rx.packets, rx_bytes: .rx.bytes, tx_packets: .tx.packets, tx_bytes: .tx.bytes}'
}

# How often the daemons of a host have gone to sleep.
sleeps_of() {
    local pid
    for pid in $(ip netns pids "$host_names-$1"); do
        cat "/proc/$pid"/task/*/status 2>/dev/null
    done | awk '/^voluntary_ctxt_switches/ {sum += $2} END {print sum + 0}'
}

# What ovld has counted itself, by name; {} of any other daemon.
daemon_counters() {
    local tunnel=tunnel_$1
    case $peer in
        ovl:*) in_host "$1" "$project/target/ovl/bin/ovlctl" -j stats --all "${!tunnel}" | jq '.counters | map({key: .label, value}) | from_entries' ;;
        *) echo '{}' ;;
    esac
}

# All that only grows, as it is now: {"a": {"device", "wire", "daemon", "sleeps"}, "b": ...}.
snapshot() {
    local host
    for host in a b; do
        jq -n --arg host $host --argjson device "$(link_counters $host "$(overlay_device $host)")" --argjson wire "$(link_counters $host veth0)" \
            --argjson daemon "$(daemon_counters $host)" --argjson sleeps "$(sleeps_of $host)" '{($host): {device: $device, wire: $wire, daemon: $daemon, sleeps: $sleeps}}'
    done | jq -s 'add'
}
