package io.ovl.config.model;

import io.ovl.crypto.key.NoisePresharedKey;

import java.util.List;

/**
 * A configuration file, checked as a whole.
 *
 * <p>Thread: any; immutable. Ownership: holds the keys of its sections; {@link #close} wipes them.
 */
public record OvlConfig(
        InterfaceSection interfaceSection, List<PeerSection> peers, List<SegmentSection> segments)
        implements AutoCloseable {
    public OvlConfig {
        peers = List.copyOf(peers);
        segments = List.copyOf(segments);
    }

    /**
     * The WireGuard side of the file as an update that replaces all peers, with copies of the keys.
     *
     * <p>A listen port that the file leaves out stays as it is; a preshared key that it leaves out is removed.
     */
    public DeviceUpdate toDeviceUpdate() {
        return new DeviceUpdate(
                interfaceSection.privateKey() == null ? null : interfaceSection.privateKey().copy(),
                interfaceSection.listenPort(),
                interfaceSection.fwmark(),
                true,
                peers.stream().map(OvlConfig::toPeerUpdate).toList());
    }

    /** The Ethernet side of the file as an update that replaces all segments. */
    public SegmentUpdate toSegmentUpdate() {
        return new SegmentUpdate(
                true,
                segments,
                List.of(),
                peers.stream()
                        .filter(peer -> !peer.segments().isEmpty())
                        .map(
                                peer ->
                                        new PeerSegments(
                                                peer.publicKey(), peer.segments(), peer.vtep()))
                        .toList(),
                interfaceSection.addresses());
    }

    /**
     * Whether a layer 3 interface is wanted: one that has neither an address nor anything to route would carry nothing.
     */
    public boolean wantsTun() {
        return segments.isEmpty()
                || !interfaceSection.addresses().isEmpty()
                || peers.stream().anyMatch(peer -> !peer.allowedIps().isEmpty());
    }

    /** What is allowed, and most likely not meant; in the words of the file. */
    public List<String> warnings() {
        return segments.stream()
                .filter(SegmentSection::isCutOff)
                .map(
                        segment ->
                                "[Segment "
                                        + segment.name()
                                        + "] has neither Remote nor Open = yes: "
                                        + SegmentSection.CUT_OFF)
                .toList();
    }

    private static PeerUpdate toPeerUpdate(PeerSection peer) {
        HostPort endpoint = peer.endpoint();
        UdpAddress literal = endpoint == null ? null : UdpAddress.parse(endpoint.toString());
        NoisePresharedKey presharedKey = peer.presharedKey();
        return new PeerUpdate(
                peer.publicKey(),
                false,
                false,
                peer.name(),
                presharedKey == null
                        ? NoisePresharedKey.copyOf(new byte[NoisePresharedKey.LENGTH], 0)
                        : presharedKey.copy(),
                literal,
                literal == null ? endpoint : null,
                peer.persistentKeepaliveSeconds(),
                true,
                peer.allowedIps().stream()
                        .map(prefix -> new AllowedIpChange(prefix, false))
                        .toList());
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        if (interfaceSection.privateKey() != null) {
            interfaceSection.privateKey().close();
        }
        for (PeerSection peer : peers) {
            if (peer.presharedKey() != null) {
                peer.presharedKey().close();
            }
        }
    }
}
