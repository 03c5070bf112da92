package io.ovl.config.parse;

import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerSection;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a {@code [Peer]}. */
final class PeerBuilder extends SectionBuilder {
    static final String TITLE = "[Peer]";

    private @Nullable String name;
    private @Nullable NoisePublicKey publicKey;
    private final SecretValue<NoisePresharedKey> presharedKey;
    private final Map<IpPrefix, ConfigValue> allowedIps = new LinkedHashMap<>();
    private @Nullable HostPort endpoint;
    private int persistentKeepaliveSeconds;
    private final Map<String, ConfigValue> segments = new LinkedHashMap<>();
    private @Nullable IpAddress vtep;

    PeerBuilder(int line, ParseContext context) {
        super(TITLE, line, context.problems());
        presharedKey =
                new SecretValue<>(NoisePresharedKey::parse, NoisePresharedKey::close, context);
        once("Name", value -> name = Values.name(value));
        once("PublicKey", this::setPublicKey);
        once("PresharedKey", presharedKey::setHere);
        once("PresharedKeyFile", presharedKey::setReference);
        list("AllowedIPs", this::addAllowedIps);
        once("Endpoint", value -> endpoint = Values.endpoint(value));
        once("PersistentKeepalive", this::setPersistentKeepalive);
        list("Segments", this::addSegments);
        once("Vtep", value -> vtep = Values.address(value));
    }

    private void setPublicKey(ConfigValue value) {
        publicKey = NoisePublicKey.parse(value.text());
        if (publicKey == null) {
            value.reject(
                    BadConfigReason.INVALID_KEY,
                    "the value of " + value.length() + " characters is not a key",
                    "Allowed: the 44 characters of base64 that ovlctl key pub or wg pubkey print.");
        }
    }

    private void addAllowedIps(ConfigValue value) {
        for (ConfigValue item : value.items()) {
            IpPrefix prefix = Values.prefix(item);
            if (prefix != null) {
                allowedIps.putIfAbsent(prefix.masked(), item);
            }
        }
    }

    private void setPersistentKeepalive(ConfigValue value) {
        Integer seconds = Values.numberOrOff(value, 65_535);
        persistentKeepaliveSeconds = seconds == null ? 0 : seconds;
    }

    private void addSegments(ConfigValue value) {
        for (ConfigValue item : value.items()) {
            String segment = Values.name(item);
            if (segment != null) {
                segments.putIfAbsent(segment, item);
            }
        }
    }

    @Nullable String name() {
        return name;
    }

    @Nullable NoisePublicKey publicKey() {
        return publicKey;
    }

    /** Each prefix with the place where the file has it. */
    Map<IpPrefix, ConfigValue> allowedIps() {
        return allowedIps;
    }

    /** Each segment's name with the place where the file has it. */
    Map<String, ConfigValue> segments() {
        return segments;
    }

    /** How messages name the peer. */
    String label() {
        return name != null ? name : String.valueOf(publicKey);
    }

    void wipe() {
        presharedKey.wipe();
    }

    void check() {
        require("PublicKey", "Every peer needs its public key.");
        if (given("PresharedKeyFile") != null) {
            refuse("PresharedKey", "stands beside PresharedKeyFile", "Keep one of the two.");
        }
        ConfigValue vtepValue = given("Vtep");
        if (vtepValue == null || vtep == null) {
            return;
        }
        if (segments.isEmpty()) {
            refuse("Vtep", "the peer has no segments", "Name its segments: Segments = NAME.");
        }
        IpAddress address = vtep;
        if (allowedIps.keySet().stream().noneMatch(prefix -> prefix.contains(address))) {
            vtepValue.reject(
                    BadConfigReason.VTEP_NOT_ALLOWED,
                    address + " is not within the peer's AllowedIPs",
                    "WireGuard would drop what it sends: add it to AllowedIPs.");
        }
    }

    /** After {@link #check} reported nothing. */
    PeerSection build() {
        return new PeerSection(
                name,
                Objects.requireNonNull(publicKey),
                presharedKey.key(),
                presharedKey.reference(),
                List.copyOf(allowedIps.keySet()),
                endpoint,
                persistentKeepaliveSeconds,
                new ArrayList<>(segments.keySet()),
                vtep);
    }
}
