package io.ovl.config.uapi;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.Decimal;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.KeyText;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of a UAPI {@code set} request: all of it, or nothing.
 *
 * <p>Every {@code public_key} line begins a {@link PeerUpdate} of its own, also for a peer that was named before; they
 * are to be applied in order. A peer with the device's own public key is read like any other: who applies the update
 * ignores it.
 *
 * <p>Thread: any; without state between calls. Ownership: the text is borrowed and may hold secrets, its owner wipes
 * it. The keys of the result belong to the caller.
 *
 * <p>Wire: WireGuard cross-platform interface, configuration protocol, version 1.
 *
 * <p>Errors: {@link UapiException}; secrets read until then are wiped.
 *
 * <p>Deviation: wireguard-go applies line by line and stays half applied after an error. Linux and wireguard-go take an
 * endpoint of port 0, which no datagram of a socket can be sent to; here only {@code 0.0.0.0:0} is taken, and means
 * none.
 */
public final class UapiReader {
    private static final int MAX_KEY_LENGTH = 32;

    private final byte[] text;
    private final int end;
    private int lineNumber = 1;
    private int valueStart;
    private int valueEnd;
    private String key = "";

    private @Nullable NoisePrivateKey privateKey;
    private @Nullable Integer listenPort;
    private @Nullable Integer fwmark;
    private boolean replacesPeers;
    private final List<PeerUpdate> peers = new ArrayList<>();
    private @Nullable PeerDraft peer;

    private UapiReader(byte[] text, int end) {
        this.text = text;
        this.end = end;
    }

    /** Reads the lines after {@code set=1}, up to a blank line or the end. */
    public static DeviceUpdate read(byte[] text, int offset, int length) throws UapiException {
        UapiReader reader = new UapiReader(text, offset + length);
        boolean isComplete = false;
        try {
            reader.readLines(offset);
            isComplete = true;
        } finally {
            if (!isComplete) {
                reader.draft().wipe();
            }
        }
        return reader.draft();
    }

    private DeviceUpdate draft() {
        if (peer != null) {
            peers.add(peer.toUpdate());
            peer = null;
        }
        return new DeviceUpdate(privateKey, listenPort, fwmark, replacesPeers, List.copyOf(peers));
    }

    private void readLines(int start) throws UapiException {
        int lineStart = start;
        while (lineStart < end) {
            int lineEnd = indexOf('\n', lineStart, end);
            if (lineEnd == lineStart) {
                return;
            }
            lineNumber++;
            splitLine(lineStart, lineEnd);
            if (key.equals("public_key")) {
                beginPeer();
            } else if (peer != null) {
                readPeerLine(peer);
            } else {
                readDeviceLine();
            }
            lineStart = lineEnd + 1;
        }
    }

    private int indexOf(char c, int from, int to) {
        int i = from;
        while (i < to && text[i] != c) {
            i++;
        }
        return i;
    }

    private void splitLine(int start, int lineEnd) throws UapiException {
        int equals = indexOf('=', start, lineEnd);
        key = showableKey(start, equals);
        if (equals == lineEnd) {
            key = "";
            throw new UapiException(UapiErrno.PROTOCOL, lineNumber, "", "expected key=value");
        }
        valueStart = equals + 1;
        valueEnd = lineEnd;
    }

    /** Empty for what cannot be a key: it may be a secret in the wrong place. */
    private String showableKey(int start, int equals) {
        if (equals - start > MAX_KEY_LENGTH) {
            return "";
        }
        for (int i = start; i < equals; i++) {
            if (text[i] != '_' && (text[i] < 'a' || text[i] > 'z')) {
                return "";
            }
        }
        return new String(text, start, equals - start, StandardCharsets.ISO_8859_1);
    }

    private void readDeviceLine() throws UapiException {
        switch (key) {
            case "private_key" -> {
                NoisePrivateKey read = hexKey() ? privateKeyOf() : null;
                if (read == null) {
                    throw invalid("expected 64 hexadecimal digits");
                }
                if (privateKey != null) {
                    privateKey.close();
                }
                privateKey = read;
            }
            case "listen_port" -> listenPort = (int) number(0xffff);
            case "fwmark" -> fwmark = (int) number(0xffff_ffffL);
            case "replace_peers" -> {
                expectTrue();
                replacesPeers = true;
            }
            default -> throw invalid("no such key before the first public_key");
        }
    }

    private void beginPeer() throws UapiException {
        NoisePublicKey publicKey = hexKey() ? NoisePublicKey.parse(value()) : null;
        if (publicKey == null) {
            throw invalid("expected 64 hexadecimal digits");
        }
        if (peer != null) {
            peers.add(peer.toUpdate());
        }
        peer = new PeerDraft(publicKey);
    }

    private void readPeerLine(PeerDraft draft) throws UapiException {
        switch (key) {
            case "update_only" -> {
                expectTrue();
                draft.isUpdateOnly = true;
            }
            case "remove" -> {
                expectTrue();
                draft.isRemoval = true;
            }
            case "preshared_key" -> readPresharedKey(draft);
            case "endpoint" -> {
                UdpAddress endpoint = UdpAddress.parse(value());
                if (endpoint == null) {
                    throw invalid("expected IPV4:PORT, [IPV6]:PORT or [IPV6%INTERFACE]:PORT");
                }
                if (endpoint.port() == 0 && !endpoint.equals(UdpAddress.NONE)) {
                    throw invalid("expected a port from 1 to 65535: nothing can be sent to port 0");
                }
                draft.endpoint = endpoint;
            }
            case "persistent_keepalive_interval" ->
                    draft.persistentKeepaliveSeconds = (int) number(0xffff);
            case "replace_allowed_ips" -> {
                expectTrue();
                draft.replacesAllowedIps = true;
                draft.allowedIps.clear();
            }
            case "allowed_ip" -> readAllowedIp(draft);
            case "protocol_version" -> {
                if (number(Integer.MAX_VALUE) != 1) {
                    throw invalid("expected 1, the only version there is");
                }
            }
            default -> throw invalid("no such key of a peer");
        }
    }

    private void readPresharedKey(PeerDraft draft) throws UapiException {
        NoisePresharedKey read =
                hexKey() ? NoisePresharedKey.parse(text, valueStart, valueEnd - valueStart) : null;
        if (read == null) {
            throw invalid("expected 64 hexadecimal digits");
        }
        if (draft.presharedKey != null) {
            draft.presharedKey.close();
        }
        draft.presharedKey = read;
    }

    private void readAllowedIp(PeerDraft draft) throws UapiException {
        boolean isRemoval = valueStart < valueEnd && text[valueStart] == '-';
        if (isRemoval) {
            valueStart++;
        }
        boolean hasLength = indexOf('/', valueStart, valueEnd) < valueEnd;
        IpPrefix prefix = hasLength ? IpPrefix.parse(value()) : null;
        if (prefix == null) {
            throw invalid("expected ADDRESS/LENGTH or -ADDRESS/LENGTH");
        }
        draft.allowedIps.add(new AllowedIpChange(prefix.masked(), isRemoval));
    }

    private @Nullable NoisePrivateKey privateKeyOf() {
        return NoisePrivateKey.parse(text, valueStart, valueEnd - valueStart);
    }

    /** Keys are hexadecimal here, although the parsers of keys take base64 as well. */
    private boolean hexKey() {
        return valueEnd - valueStart == KeyText.HEX_LENGTH;
    }

    private long number(long max) throws UapiException {
        long number = Decimal.parse(text, valueStart, valueEnd, max);
        if (number < 0) {
            throw invalid("expected a number from 0 to " + max);
        }
        return number;
    }

    private void expectTrue() throws UapiException {
        if (!value().equals("true")) {
            throw invalid("expected true");
        }
    }

    /** The value as a string: never of a secret. */
    private String value() {
        return new String(text, valueStart, valueEnd - valueStart, StandardCharsets.ISO_8859_1);
    }

    private UapiException invalid(String expected) {
        return new UapiException(UapiErrno.INVALID, lineNumber, key, expected);
    }

    private static final class PeerDraft {
        private final NoisePublicKey publicKey;
        private final List<AllowedIpChange> allowedIps = new ArrayList<>();
        private boolean isUpdateOnly;
        private boolean isRemoval;
        private boolean replacesAllowedIps;
        private @Nullable NoisePresharedKey presharedKey;
        private @Nullable UdpAddress endpoint;
        private @Nullable Integer persistentKeepaliveSeconds;

        PeerDraft(NoisePublicKey publicKey) {
            this.publicKey = publicKey;
        }

        PeerUpdate toUpdate() {
            return new PeerUpdate(
                    publicKey,
                    isUpdateOnly,
                    isRemoval,
                    null,
                    presharedKey,
                    endpoint,
                    null,
                    persistentKeepaliveSeconds,
                    replacesAllowedIps,
                    List.copyOf(allowedIps));
        }
    }
}
