package io.ovl.dataplane.daemon;

import io.ovl.config.model.InterfaceName;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * The command line of {@code ovld}: wireguard-go's, and {@code --config}.
 *
 * <p>The launcher decides between foreground and background; here {@code --foreground} is accepted and changes nothing.
 *
 * <p>Thread: any; immutable. Errors: {@link UsageException} with a text for the user.
 *
 * @param interfaceName given, or the stem of the configuration's file name
 * @param configFile a wg-quick file to set the interface up from, or null to wait for {@code wg}
 */
record OvldOptions(String interfaceName, @Nullable Path configFile, Action action) {
    static final String USAGE =
            """
            usage: ovld [--foreground] INTERFACE
                   ovld [--foreground] --config FILE
                   ovld --version | --help

            Opens the TUN device INTERFACE and serves WireGuard's userspace API on
            /run/wireguard/INTERFACE.sock, for wg(8) and wg-quick(8), and ovlctl(8) on
            /run/ovl/INTERFACE.sock. Returns when both answer, and goes on in the background.

              -f, --foreground  stay in the foreground (also WG_PROCESS_FOREGROUND=1)
              --config FILE     a wg-quick configuration; the interface has the file's name
              --version         print the version
              --help            print this

            Environment: LOG_LEVEL=verbose|error|silent, OVL_WORKERS=N (1),
            OVL_AEAD=ipsec-mb|openssl|jdk (the first that is there).
            """;

    private static final String CONFIG_SUFFIX = ".conf";

    /** What the command line asks for. */
    enum Action {
        RUN,
        VERSION,
        HELP
    }

    /** The command line makes no sense. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static OvldOptions parse(String... arguments) throws UsageException {
        String name = null;
        Path config = null;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            switch (argument) {
                case "-f", "--foreground" -> {}
                case "--help", "-h" -> {
                    return new OvldOptions("", null, Action.HELP);
                }
                case "--version" -> {
                    return new OvldOptions("", null, Action.VERSION);
                }
                case "--config" -> config = Path.of(value(arguments, ++i, argument));
                default -> {
                    if (argument.startsWith("-")) {
                        throw new UsageException("unknown option " + argument);
                    }
                    if (name != null) {
                        throw new UsageException(
                                "one interface at a time: " + name + " or " + argument);
                    }
                    name = argument;
                }
            }
        }
        if ((name == null) == (config == null)) {
            throw new UsageException("give the name of an interface, or --config FILE");
        }
        String interfaceName = name == null ? stem(config) : name;
        if (!InterfaceName.isValid(interfaceName)) {
            throw new UsageException(
                    "\"" + interfaceName + "\" is no interface name: " + InterfaceName.ALLOWED);
        }
        return new OvldOptions(interfaceName, config, Action.RUN);
    }

    private static String value(String[] arguments, int index, String option)
            throws UsageException {
        if (index >= arguments.length) {
            throw new UsageException(option + " needs a value");
        }
        return arguments[index];
    }

    private static String stem(@Nullable Path config) {
        Path file = config == null ? null : config.getFileName();
        String name = file == null ? "" : file.toString();
        return name.endsWith(CONFIG_SUFFIX)
                ? name.substring(0, name.length() - CONFIG_SUFFIX.length())
                : name;
    }
}
