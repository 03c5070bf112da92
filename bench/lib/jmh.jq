# Two of JMH's result files beside each other.

def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): . * pow(10; $n) | round / pow(10; $n);
def name: (.benchmark | sub("^io\\.ovl\\.bench\\."; "")) + ((.params // {}) | to_entries | map(" \(.key)=\(.value)") | join(""));
def score: .primaryMetric.rawData | flatten | median;
# JMH 1.37 writes a dot in front of its profilers' metrics, and no longer does later.
def allocated: .secondaryMetrics | (.["gc.alloc.rate.norm"] // .["·gc.alloc.rate.norm"]) | if . then .score | digits(1) else "-" end;

def compared($before; $after): ($before | map({key: name, value: score}) | from_entries) as $old |
    (["benchmark", "before ns", "now ns", "ratio", "B/op"] | @tsv),
    ($after[] | name as $name | score as $now | $old[$name] as $was |
        [$name, (if $was then $was | digits(1) else "-" end), ($now | digits(1)), (if $was then $now / $was | digits(3) else "new" end), allocated] | @tsv);
