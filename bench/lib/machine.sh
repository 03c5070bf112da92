# Sourced after load.sh: the machine that measures, and whether it can.

# A loaded machine measures its load.
require_idle() {
    local busy
    busy=$(busy_percent 3)
    [ "$busy" -le 10 ] || [ -n "$force" ] || die "the machine is busy ($busy % of its CPU time is in use): stop what runs on it, or say --force"
}

cpu_model() { sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1; }

# The widest vector unit decides the AEAD's speed, so it names the machine class with the processors and the architecture.
machine_class() {
    local unit=baseline candidate
    for candidate in avx512f avx2 sse4_1 asimd; do
        if grep -qwm1 "$candidate" /proc/cpuinfo; then
            unit=$candidate
            break
        fi
    done
    echo "$(nproc)cpu-$unit-$(uname -m)"
}

# Of what the script's variables say about the run, and of the machine.
description_of_run() {
    jq -n --arg date "$(date -u +%Y-%m-%d)" --arg class "$(machine_class)" --arg command "$command_line" --argjson seconds "$seconds" \
        --arg reference "${reference:-}" --arg cpu "$(cpu_model)" --argjson cpus "$(nproc)" --arg kernel "$(uname -r)" \
        --arg system "$(. /etc/os-release && echo "$PRETTY_NAME")" \
        '{date: $date, machine_class: $class, command: $command, seconds: $seconds, reference: $reference, cpu: $cpu, cpus: $cpus, kernel: $kernel, system: $system}'
}
