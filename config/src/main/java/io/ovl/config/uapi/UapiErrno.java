package io.ovl.config.uapi;

/**
 * The numbers after {@code errno=}: Linux errno values, negated, as wireguard-go answers them.
 *
 * <p>Wire: {@code wg} takes a negative number after {@code set}, but digits only after {@code get}.
 */
public final class UapiErrno {
    public static final int INVALID = -22;
    public static final int UNKNOWN = -55;
    public static final int PROTOCOL = -71;
    public static final int TOO_LONG = -90;
    public static final int PORT_IN_USE = -98;

    private UapiErrno() {}
}
