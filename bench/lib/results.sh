# Sourced after machine.sh, before the script looks at its options: the files in which a measurement ends.

command_line="bench/$(basename "$0")${*:+ $*}"

# begin_results KIND: leaves in $name where they go, as DATE-MACHINE-KIND in $results; DATE-MACHINE when it is empty.
begin_results() {
    mkdir -p "$results"
    name=$results/$(date -u +%Y-%m-%d)-$(machine_class)${1:+-$1}
}

# write_results LIBRARY [JQ_OPTION...]: from rows of JSON on standard input to $name.json and $name.md, as
# bench/lib/LIBRARY.jq says. The options, such as --arg NAME VALUE, add to the description of the run.
write_results() {
    local library=$1
    shift
    jq -s --argjson run "$(description_of_run "$@")" -L bench/lib "include \"$library\"; result(\$run)" >"$name.json"
    jq -r -L bench/lib "include \"$library\"; markdown" "$name.json" >"$name.md"
    cat "$name.md"
    say "written: $name.json and .md"
}

description_of_run() {
    # shellcheck disable=SC2016 # for jq to expand
    jq -n --arg date "$(date -u +%Y-%m-%d)" --arg machine_class "$(machine_class)" --arg command "$command_line" --argjson seconds "$seconds" \
        --arg cpu "$(cpu_model)" --argjson cpus "$(nproc)" --arg kernel "$(uname -r)" --arg system "$(. /etc/os-release && echo "$PRETTY_NAME")" \
        "$@" '$ARGS.named'
}
