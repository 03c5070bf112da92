# The bare wire: no tunnel at all. What the machine can do, and the base of the ratios.

peer_prepare() { :; }
peer_version() { uname -r; }
peer_up() { target=$underlay_b; }
