# Horizontal bar charts as SVG, drawn from the medians of a result file.

def escape: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
def colour: if startswith("ovl") then "#0a6b5d" elif . == "veth" or . == "vxlan" then "#b9b9b9" else "#6f8fb3" end;
def shown: if . >= 100 then round elif . >= 10 then . * 10 | round / 10 else . * 100 | round / 100 end | tostring;

# bars TITLE: input [{label, value}], largest value first or last as the caller sorted them.
def bars($title): . as $bars | (map(.value) | max) as $most | (44 + 22 * length) as $height | [
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 \($height)\" width=\"720\" height=\"\($height)\" font-family=\"sans-serif\" font-size=\"12\">",
    "<rect width=\"720\" height=\"\($height)\" fill=\"#ffffff\"/>",
    "<text x=\"12\" y=\"22\" font-size=\"14\" font-weight=\"bold\" fill=\"#222222\">\($title | escape)</text>",
    (range($bars | length) as $i | $bars[$i] | (36 + 22 * $i) as $y | (430 * .value / $most | . * 10 | round / 10) as $width |
        "<text x=\"212\" y=\"\($y + 13)\" text-anchor=\"end\" fill=\"#222222\">\(.label | escape)</text>",
        "<rect x=\"220\" y=\"\($y)\" width=\"\($width)\" height=\"17\" fill=\"\(.label | colour)\"/>",
        "<text x=\"\(226 + $width)\" y=\"\($y + 13)\" fill=\"#222222\">\(.value | shown)</text>"),
    "</svg>"] | join("\n");

def picked($name): .medians | to_entries | map({label: .key, value: .value[$name]} | select(.value != null));
def without_wire: map(select(.label != "veth"));

# The bare wire would dwarf the tunnels: it stays in the table.
def chart($which): " (\(.run.date), \(.run.machine_class))" as $where |
    if $which == "tcp" then picked("tcp_a_to_b_gbps") | without_wire | sort_by(-.value) | bars("TCP, one stream, Gbit/s" + $where)
    elif $which == "pps" then picked("udp_64_lossless_kpps") | without_wire | sort_by(-.value) | bars("64-byte UDP at most 0.1 % lost, 1,000 packets/s" + $where)
    elif $which == "rtt" then picked("rtt_loaded_p99_ms") | without_wire | sort_by(.value) | bars("Round trip beside a TCP stream, p99, ms" + $where)
    else picked("cpu_seconds_per_gb") | sort_by(.value) | bars("CPU of both daemons, seconds per GB" + $where) end;
