# JMH's JSON to the rows that a baseline holds, and two sets of rows beside each other.

include "figures";

# JMH up to 1.37 writes a dot in front of its profilers' metrics.
def allocated: .secondaryMetrics | (.["gc.alloc.rate.norm"] // .["·gc.alloc.rate.norm"]) | .score | digits(1);
def rows: map((.primaryMetric.rawData | flatten) as $times | {benchmark: (.benchmark | sub("^io\\.ovl\\.bench\\."; "")), params: (.params // {}),
    min_ns: ($times | min | digits(1)), median_ns: ($times | median | digits(1)), bytes_per_op: allocated});

def name: .benchmark + (.params | to_entries | map(" \(.key)=\(.value)") | join(""));

def compared($before): ($before.rows | map({key: name, value: .}) | from_entries) as $old |
    (["benchmark", "min ns before", "now", "ratio", "median ns before", "now", "ratio", "B/op"] | @tsv),
    (.rows[] | name as $name | ($old[$name] // {}) as $was | [$name, $was.min_ns, .min_ns, (if $was.min_ns then .min_ns / $was.min_ns | digits(2) else "new" end),
        $was.median_ns, .median_ns, (if $was.median_ns then .median_ns / $was.median_ns | digits(2) else "new" end), .bytes_per_op] | map(. // "-") | @tsv);
