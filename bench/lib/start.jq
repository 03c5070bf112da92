# Medians of what each second after the start achieved, as a Markdown report.

include "figures";

def result($run): {run: $run, rows: .};

def seconds: [1, 2, 3, 5, 10, 30];
def of_peer($rows): . as $peer | $rows | map(select(.peer == $peer)) | . as $mine
    | [$peer] + (seconds | map(. as $second | $mine | map(.gbit_per_second[$second - 1]) | median | digits(2)))
    + ($mine | [(map(.first_pings.p50_ms) | median | digits(3)), (map(.first_pings.p99_ms) | median | digits(3)), (map(.rss_mib) | median)]);
def peers: reduce .[].peer as $peer ([]; if index([$peer]) then . else . + [$peer] end);

def markdown: .rows as $rows | [
    "# The first seconds, \(.run.date) on \(.run.machine_class)", "",
    "`\(.run.command)`: medians. A stream begins when the first ping after the start is answered; what it carried in its first and in later seconds,",
    "in Gbit/s. After another start, the first thousand pings, one a millisecond, and what the larger daemon holds 15 s later. How it is taken: docs/benchmarks.md.", "",
    "\(.run.cpu), \(.run.cpus) CPUs, Linux \(.run.kernel), \(.run.system).", "",
    ("| | " + (seconds | map("second \(.)") | join(" | ")) + " | ping p50 ms | p99 ms | RSS MiB |"), ("| --- |" + (seconds | map(" ---: |") | join("")) + " ---: | ---: | ---: |"),
    ($rows | peers[] | of_peer($rows) | line)] | join("\n");
