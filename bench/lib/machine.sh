# Sourced after load.sh: the machine that measures, and whether it can.

# A loaded machine measures its load.
require_idle() {
    local busy
    busy=$(busy_percent 3)
    [ "$busy" -le 10 ] || [ -n "$force" ] || die "the machine is busy ($busy % of its CPU time is in use): stop what runs on it, or say --force"
}

cpu_model() { sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1; }

# The widest vector unit decides the AEAD's speed, so it names the machine class with the processors and the
# architecture.
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
