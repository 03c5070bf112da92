package io.ovl.config.parse;

import io.ovl.config.model.Encap;
import io.ovl.config.model.Hooks;
import io.ovl.config.model.InterfaceSection;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSection;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.KeyText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints a configuration as a file that parses to the same configuration; what has its default value is left out.
 *
 * <p>Thread: one print at a time. Ownership: the result may hold secrets; the caller wipes it.
 */
public final class ConfigPrinter {
    private final boolean showsSecrets;
    private final List<byte[]> pieces = new ArrayList<>();

    private ConfigPrinter(boolean showsSecrets) {
        this.showsSecrets = showsSecrets;
    }

    /** Prints without secrets: comments stand in their place. */
    public static String print(OvlConfig config) {
        return new String(new ConfigPrinter(false).printAll(config), StandardCharsets.UTF_8);
    }

    /** Prints everything, as UTF-8; the caller wipes the result. */
    public static byte[] printWithSecrets(OvlConfig config) {
        return new ConfigPrinter(true).printAll(config);
    }

    private byte[] printAll(OvlConfig config) {
        printInterface(config.interfaceSection());
        config.segments().forEach(this::printSegment);
        config.peers().forEach(this::printPeer);
        int length = pieces.stream().mapToInt(piece -> piece.length).sum();
        byte[] text = new byte[length];
        int position = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, text, position, piece.length);
            position += piece.length;
            Arrays.fill(piece, (byte) 0);
        }
        return text;
    }

    private interface Secret {
        void copyTo(byte[] destination, int offset);
    }

    private void printInterface(InterfaceSection section) {
        put("[Interface]\n");
        secret(
                "PrivateKey",
                section.privateKeyFile(),
                section.privateKey() == null ? null : section.privateKey()::copyTo);
        line("ListenPort", section.listenPort());
        if (section.fwmark() != 0) {
            line("FwMark", "0x" + Integer.toHexString(section.fwmark()));
        }
        list("Address", section.addresses());
        list("DNS", section.dns());
        line("MTU", section.mtu());
        if (!section.table().equals(InterfaceSection.TABLE_AUTO)) {
            line("Table", section.table());
        }
        Hooks hooks = section.hooks();
        hooks.preUp().forEach(command -> line("PreUp", command));
        hooks.postUp().forEach(command -> line("PostUp", command));
        hooks.preDown().forEach(command -> line("PreDown", command));
        hooks.postDown().forEach(command -> line("PostDown", command));
        flag("SaveConfig", section.savesConfig());
    }

    private void printSegment(SegmentSection section) {
        put("\n[Segment " + section.name() + "]\n");
        line("VNI", section.vni());
        line("Port", section.port());
        if (section.encap() == Encap.VXLAN) {
            line("Encap", "vxlan");
        }
        line("Local", section.local() == null ? null : vtep(section.local()));
        list("Remote", section.remotes().stream().map(ConfigPrinter::vtep).toList());
        if (section.ageingSeconds() != SegmentSection.DEFAULT_AGEING_SECONDS) {
            line("Ageing", section.ageingSeconds() == 0 ? "off" : section.ageingSeconds() + "s");
        }
        if (section.maxMacs() != SegmentSection.DEFAULT_MAX_MACS) {
            line("MaxMacs", section.maxMacs());
        }
        if (section.floodLimitFps() != SegmentSection.DEFAULT_FLOOD_LIMIT_FPS) {
            line("FloodLimit", section.floodLimitFps() == 0 ? "off" : section.floodLimitFps());
        }
        flag("Open", section.isOpen());
        flag("Strict", section.isStrict());
        flag("SuppressArp", section.suppressesArp());
        if (!section.isLearning()) {
            line("Learning", "no");
        }
        line("MTU", section.mtu());
        flag("ClampMss", section.clampsMss());
    }

    private void printPeer(PeerSection section) {
        put("\n[Peer]\n");
        line("Name", section.name());
        line("PublicKey", section.publicKey().base64());
        secret(
                "PresharedKey",
                section.presharedKeyFile(),
                section.presharedKey() == null ? null : section.presharedKey()::copyTo);
        list("AllowedIPs", section.allowedIps());
        line("Endpoint", section.endpoint());
        if (section.persistentKeepaliveSeconds() != 0) {
            line("PersistentKeepalive", section.persistentKeepaliveSeconds());
        }
        list("Segments", section.segments());
        line("Vtep", section.vtep());
    }

    private static String vtep(UdpAddress address) {
        if (address.port() != SegmentSection.VXLAN_PORT) {
            return address.toString();
        }
        return address.ip() + (address.scopeId() == 0 ? "" : "%" + address.scopeId());
    }

    private void secret(String key, @Nullable String reference, @Nullable Secret secret) {
        if (reference != null) {
            line(reference.startsWith("@") ? key : key + "File", reference);
        } else if (secret != null && !showsSecrets) {
            put("# " + key + " = (hidden)\n");
        } else if (secret != null) {
            byte[] bytes = new byte[32];
            secret.copyTo(bytes, 0);
            put(key + " = ");
            pieces.add(KeyText.encodeBase64(bytes));
            put("\n");
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void flag(String key, boolean isSet) {
        if (isSet) {
            line(key, key.equals("SaveConfig") ? "true" : "yes");
        }
    }

    private void list(String key, List<?> values) {
        if (!values.isEmpty()) {
            line(key, values.stream().map(Object::toString).collect(Collectors.joining(", ")));
        }
    }

    private void line(String key, @Nullable Object value) {
        if (value != null) {
            put(key + " = " + value + "\n");
        }
    }

    private void put(String text) {
        pieces.add(text.getBytes(StandardCharsets.UTF_8));
    }
}
