# What the reports have in common: medians, and figures and table lines as they show them. Null is what could not be
# measured.

def median: map(select(. != null)) | sort | if length == 0 then null else (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2 end;
def digits($n): if . == null then null else . * pow(10; $n) | round / pow(10; $n) end;
def over($base): if . == null or $base == null or $base == 0 then null else . / $base end;
def show: if . == null then "-" else tostring end;
def line: "| " + (map(show) | join(" | ")) + " |";
