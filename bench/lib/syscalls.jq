# From what was counted during each load to figures per packet, and a Markdown report.

include "figures";

def minus($before): with_entries(.key as $key | .value -= ($before[$key] // 0));

# Ethernet, IPv4 and UDP around each datagram of a daemon that does not count its bytes.
def outer_length: 42;
# A virtio header comes and goes with each frame of ovl's devices.
def virtio_header_length: 10;

# What passed one daemon: of ovl as it counts itself, since a super-packet is one packet to /sys/class/net.
def passed($device; $wire; $daemon): if $daemon == {} then {
        packets: ($device.rx_packets + $device.tx_packets), datagrams: ($wire.rx_packets + $wire.tx_packets), frames: 0, own_copies: null,
        wire_bytes: ($wire.rx_bytes + $wire.tx_bytes - outer_length * ($wire.rx_packets + $wire.tx_packets))}
    else {
        packets: ($daemon["device read packets"] + $daemon["device write packets"]),
        datagrams: ($daemon["udp send packets"] + $daemon["udp receive packets"]),
        frames: ($daemon["device reads"] + $daemon["device writes"]), own_copies: ($daemon["copied bytes"] // 0),
        wire_bytes: ($daemon["udp send bytes"] + $daemon["udp receive bytes"])} end
    | . + {device_bytes: ($device.rx_bytes + $device.tx_bytes)};

def side($row; $host): ($row.before[$host]) as $before | ($row.after[$host]) as $after | $row.counted[$host] as $counted
    | passed($after.device | minus($before.device); $after.wire | minus($before.wire); $after.daemon | minus($before.daemon)) as $passed
    | {peer: $row.peer, host: $host, packets: $passed.packets, datagrams: $passed.datagrams,
       calls_per_packet: ($counted.total | over($passed.packets) | digits(3)), calls_per_datagram: ($counted.total | over($passed.datagrams) | digits(3)),
       by_name: (($counted.calls + {other: ($counted.total - ($counted.calls | add // 0))}) | map_values(over($passed.packets) | digits(3))),
       empty: ($counted.empty | map_values(over($passed.packets) | digits(3))),
       sleeps_per_packet: (($after.sleeps - $before.sleeps) | over($passed.packets) | digits(3)),
       kernel_copies: (($passed.device_bytes + virtio_header_length * $passed.frames + $passed.wire_bytes) | over($passed.device_bytes) | digits(3)),
       own_copies: ($passed.own_copies | if . then over($passed.device_bytes) | digits(3) else null end)};

def result($run): {run: $run,
    versions: (map({key: .peer, value: .version}) | from_entries),
    loads: (group_by(.load) | map({key: .[0].load, value: map(. as $row | {peer, uncounted, figure: .figure, sides: [side($row; "a"), side($row; "b")]})}) | from_entries)};

def names: to_entries | map(select(.value >= 0.005)) | sort_by(-.value) | map("\(.key) \(.value | digits(2))") | join(", ");

def side_line: [.peer, .host, .packets, .calls_per_packet, .calls_per_datagram, (.by_name | names), (.empty | names), .sleeps_per_packet, .kernel_copies, .own_copies] | line;
def load_table: ["| | host | packets | calls per packet | per datagram | by name, per packet | of which found nothing | sleeps per packet | kernel copies | own copies |",
    "| --- | --- | ---: | ---: | ---: | --- | --- | ---: | ---: | ---: |", (.[].sides[] | side_line)];
def cost_table: ["| | " + (.loads | keys | join(" | ")) + " |", "| --- |" + (.loads | keys | map(" ---: |") | join("")),
    (.versions | keys[]) as $peer | [$peer, (.loads | to_entries[] | .value | map(select(.peer == $peer)) | .[0] | if . then "\(.uncounted | digits(3)) / \(.figure | digits(3))" else null end)] | line];

def titles: {tcp: "TCP, one stream from a to b", udp_64_fixed: "UDP, 64 bytes, 10,000 a second from a to b", udp_64_unlimited: "UDP, 64 bytes, as fast as iperf3 sends, from a to b",
    ping: "Ping, 1,000 a second"};

def markdown: . as $all | [
    "# System calls and copies of \(.run.date) on \(.run.machine_class)", "",
    "`\(.run.command)`: \(.run.seconds) s per load. Host a sends; its daemon takes packets from the device and puts datagrams on the wire, that of",
    "host b the other way; of pings and TCP's acknowledgements each has some of both. Packets are those that pass the device, either way, counted as",
    "they go on the wire. What is counted, and why each call and copy is there: docs/benchmarks.md.", "",
    "\(.run.cpu), \(.run.cpus) CPUs, Linux \(.run.kernel), \(.run.system).",
    (("tcp", "udp_64_fixed", "udp_64_unlimited", "ping") as $load | "", "## \(titles[$load])", "", ($all.loads[$load] // [] | load_table[])),
    "", "## What the counting costs", "", "Gbit/s, packets a second that arrive, and ms at the median of pings, without and with it.", "", ($all | [cost_table][0][]),
    "", "## Versions", "", (.versions | to_entries[] | "- \(.key): \(.value)")] | join("\n");
