package io.ovl.config.parse;

import io.ovl.config.model.Hooks;
import io.ovl.config.model.InterfaceSection;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.crypto.key.NoisePrivateKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads {@code [Interface]}. */
final class InterfaceBuilder extends SectionBuilder {
    static final String TITLE = "[Interface]";

    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|~\\.");
    private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

    private final SecretValue<NoisePrivateKey> privateKey;
    private @Nullable Integer listenPort;
    private int fwmark;
    private final List<IpPrefix> addresses = new ArrayList<>();
    private final List<String> dns = new ArrayList<>();
    private @Nullable Integer mtu;
    private String table = InterfaceSection.TABLE_AUTO;
    private final List<String> preUp = new ArrayList<>();
    private final List<String> postUp = new ArrayList<>();
    private final List<String> preDown = new ArrayList<>();
    private final List<String> postDown = new ArrayList<>();
    private boolean savesConfig;

    InterfaceBuilder(int line, ParseContext context) {
        super(TITLE, line, context.problems());
        privateKey = new SecretValue<>(NoisePrivateKey::parse, NoisePrivateKey::close, context);
        once("PrivateKey", privateKey::setHere);
        once("PrivateKeyFile", privateKey::setReference);
        once("ListenPort", value -> listenPort = Values.number(value, 0, 65_535));
        once("FwMark", value -> fwmark = orZero(Values.fwmark(value)));
        list("Address", value -> addresses.addAll(nonNull(value.items(), Values::prefix)));
        list("DNS", value -> dns.addAll(nonNull(value.items(), InterfaceBuilder::nameServer)));
        once("MTU", value -> mtu = Values.mtu(value));
        once("Table", this::setTable);
        list("PreUp", value -> addIfPresent(preUp, value));
        list("PostUp", value -> addIfPresent(postUp, value));
        list("PreDown", value -> addIfPresent(preDown, value));
        list("PostDown", value -> addIfPresent(postDown, value));
        once("SaveConfig", value -> savesConfig = Boolean.TRUE.equals(Values.bool(value)));
    }

    /** Whether the value is a command, where a semicolon is no comment. */
    static boolean isHook(String key) {
        return switch (key) {
            case "PreUp", "PostUp", "PreDown", "PostDown" -> true;
            default -> false;
        };
    }

    private void setTable(ConfigValue value) {
        String text = value.text();
        if (!TABLE.matcher(text).matches()) {
            value.rejectAs(
                    BadConfigReason.INVALID_CHOICE,
                    "a routing table",
                    "Allowed: auto, off, or the number or name of a routing table.");
            return;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        boolean isWord =
                lower.equals(InterfaceSection.TABLE_AUTO)
                        || lower.equals(InterfaceSection.TABLE_OFF);
        table = isWord ? lower : text;
    }

    private static @Nullable String nameServer(ConfigValue value) {
        String text = value.text();
        IpAddress address = IpAddress.parse(text);
        if (address != null) {
            return address.toString();
        }
        boolean isNumeric = text.indexOf(':') >= 0 || text.matches("[0-9.]*");
        if (isNumeric || !DOMAIN.matcher(text).matches()) {
            value.rejectAs(
                    BadConfigReason.INVALID_ADDRESS,
                    "a name server or search domain",
                    "Allowed: IP addresses and domains.");
            return null;
        }
        return text;
    }

    void wipe() {
        privateKey.wipe();
    }

    void check() {
        if (given("PrivateKeyFile") != null) {
            refuse("PrivateKey", "stands beside PrivateKeyFile", "Keep one of the two.");
        }
    }

    InterfaceSection build() {
        return new InterfaceSection(
                privateKey.key(),
                privateKey.reference(),
                listenPort,
                fwmark,
                addresses,
                dns,
                mtu,
                table,
                new Hooks(preUp, postUp, preDown, postDown),
                savesConfig);
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
