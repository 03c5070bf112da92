package io.ovl.config.uapi;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.PeerState;
import io.ovl.crypto.key.KeyText;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the reply to a UAPI {@code get} request, chunk by chunk at the reader's pace: a device may have 100,000
 * allowed IPs.
 *
 * <p>Thread: one at a time. Ownership: the state's secrets are copied at once, so that the state may change while a
 * slow client reads; {@link #close} wipes the copies. The chunks hold secrets: whoever owns them wipes them.
 *
 * <p>Wire: WireGuard cross-platform interface, configuration protocol, version 1; the order of wireguard-go: device,
 * then for each peer its values and then its allowed IPs, then {@code errno=0} and a blank line.
 */
public final class UapiWriter implements AutoCloseable {
    /** The least length of a chunk: no group of lines that is written as one is longer. */
    public static final int MIN_CHUNK_LENGTH = 1024;

    private final DeviceState state;
    private final List<NoisePresharedKey> presharedKeys;
    private final @Nullable NoisePrivateKey privateKey;

    private byte[] chunk = new byte[0];
    private int position;
    private boolean isDeviceWritten;
    private int peerIndex;
    private boolean isPeerWritten;
    private int allowedIpIndex;
    private boolean isEndWritten;

    public UapiWriter(DeviceState state) {
        this.state = state;
        this.privateKey = state.privateKey() == null ? null : state.privateKey().copy();
        this.presharedKeys = state.peers().stream().map(UapiWriter::copyOfPresharedKey).toList();
    }

    /**
     * Fills the chunk with as many whole lines as fit.
     *
     * @return the number of bytes written; 0 when the reply is complete
     */
    public int fill(byte[] destination) {
        if (destination.length < MIN_CHUNK_LENGTH) {
            throw new IllegalArgumentException("chunk of " + destination.length + " bytes");
        }
        chunk = destination;
        position = 0;
        while (!isEndWritten && chunk.length - position >= MIN_CHUNK_LENGTH) {
            writeNext();
        }
        chunk = new byte[0];
        return position;
    }

    /** Writes the next lines that belong together, {@code MIN_CHUNK_LENGTH} bytes at most. */
    private void writeNext() {
        if (!isDeviceWritten) {
            writeDevice();
            isDeviceWritten = true;
        } else if (peerIndex == state.peers().size()) {
            put("errno=0\n\n");
            isEndWritten = true;
        } else {
            writeNextOf(state.peers().get(peerIndex));
        }
    }

    private void writeNextOf(PeerState peer) {
        if (!isPeerWritten) {
            writePeer(peer, presharedKeys.get(peerIndex));
            isPeerWritten = true;
        } else if (allowedIpIndex < peer.allowedIps().size()) {
            put("allowed_ip", peer.allowedIps().get(allowedIpIndex++).toString());
        } else {
            peerIndex++;
            isPeerWritten = false;
            allowedIpIndex = 0;
        }
    }

    private void writeDevice() {
        if (privateKey != null && !privateKey.isZero()) {
            byte[] key = new byte[NoisePrivateKey.LENGTH];
            privateKey.copyTo(key, 0);
            putKey("private_key", key);
        }
        if (state.listenPort() != 0) {
            put("listen_port", Integer.toString(state.listenPort()));
        }
        if (state.fwmark() != 0) {
            put("fwmark", Integer.toUnsignedString(state.fwmark()));
        }
    }

    private void writePeer(PeerState peer, NoisePresharedKey presharedKey) {
        putKey("public_key", peer.publicKey().bytes());
        byte[] key = new byte[NoisePresharedKey.LENGTH];
        presharedKey.copyTo(key, 0);
        putKey("preshared_key", key);
        put("protocol_version", "1");
        if (peer.endpoint() != null) {
            put("endpoint", peer.endpoint().toString());
        }
        Instant lastHandshake = peer.lastHandshake() == null ? Instant.EPOCH : peer.lastHandshake();
        put("last_handshake_time_sec", Long.toString(lastHandshake.getEpochSecond()));
        put("last_handshake_time_nsec", Integer.toString(lastHandshake.getNano()));
        put("tx_bytes", Long.toUnsignedString(peer.txBytes()));
        put("rx_bytes", Long.toUnsignedString(peer.rxBytes()));
        put("persistent_keepalive_interval", Integer.toString(peer.persistentKeepaliveSeconds()));
    }

    private void put(String key, String value) {
        put(key);
        put("=");
        put(value);
        put("\n");
    }

    private void put(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, chunk, position, bytes.length);
        position += bytes.length;
    }

    /** Writes and wipes the key. */
    private void putKey(String name, byte[] key) {
        byte[] hex = KeyText.encodeHex(key);
        put(name);
        put("=");
        System.arraycopy(hex, 0, chunk, position, hex.length);
        position += hex.length;
        put("\n");
        Arrays.fill(key, (byte) 0);
        Arrays.fill(hex, (byte) 0);
    }

    /** A peer without a preshared key shows zeros. */
    private static NoisePresharedKey copyOfPresharedKey(PeerState peer) {
        NoisePresharedKey key = peer.presharedKey();
        return key == null
                ? NoisePresharedKey.copyOf(new byte[NoisePresharedKey.LENGTH], 0)
                : key.copy();
    }

    /** Wipes the copies of the secrets. Idempotent. */
    @Override
    public void close() {
        if (privateKey != null) {
            privateKey.close();
        }
        presharedKeys.forEach(NoisePresharedKey::close);
    }
}
