package io.ovl.config.model;

import io.ovl.crypto.key.NoisePrivateKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * {@code [Interface]} of a configuration file: this host's own side.
 *
 * <p>Thread: any; immutable. Ownership: {@code privateKey} belongs to the {@link OvlConfig}.
 *
 * @param privateKey null if the file names none: then {@code wg set} brings it later
 * @param privateKeyFile where the key was read from: a path as the file gives it, or {@code @NAME} for a systemd
 *     credential
 * @param listenPort null: the kernel chooses
 * @param fwmark 0: none
 * @param addresses of the layer 3 interface, host bits kept
 * @param dns addresses of name servers, and search domains
 * @param mtu null: computed from the underlay's
 * @param table {@code auto}, {@code off}, or a routing table's number or name
 */
public record InterfaceSection(
        @Nullable NoisePrivateKey privateKey,
        @Nullable String privateKeyFile,
        @Nullable Integer listenPort,
        int fwmark,
        List<IpPrefix> addresses,
        List<String> dns,
        @Nullable Integer mtu,
        String table,
        Hooks hooks,
        boolean savesConfig) {
    public static final String TABLE_AUTO = "auto";
    public static final String TABLE_OFF = "off";

    public InterfaceSection {
        addresses = List.copyOf(addresses);
        dns = List.copyOf(dns);
    }
}
