package io.ovl.config.parse;

/**
 * Why a configuration file is refused; each has a code that a message begins with and a manual can explain.
 *
 * <p>Thread: any. Codes are for ever: a new reason takes a new number.
 */
public enum BadConfigReason {
    UNREADABLE_FILE(200),
    NOT_TEXT(201),
    SYNTAX(202),
    UNKNOWN_SECTION(203),
    KEY_OUTSIDE_SECTION(204),
    UNKNOWN_KEY(205),
    DUPLICATE_KEY(206),
    MISSING_KEY(207),
    EMPTY_VALUE(208),
    INVALID_KEY(209),
    INVALID_NUMBER(210),
    INVALID_ADDRESS(211),
    INVALID_ENDPOINT(212),
    INVALID_NAME(213),
    ALLOWED_IP_CONFLICT(214),
    INVALID_CHOICE(215),
    INVALID_DURATION(216),
    CONFLICTING_KEYS(217),
    DUPLICATE_PEER(218),
    DUPLICATE_SEGMENT(219),
    UNKNOWN_SEGMENT(220),
    VTEP_NOT_ALLOWED(221),
    UNREADABLE_KEY_FILE(222),
    EXPOSED_SECRET(223),
    NOT_CARRIED_OUT(224);

    private final int number;

    BadConfigReason(int number) {
        this.number = number;
    }

    /** {@code E2xx}. */
    public String code() {
        return "E" + number;
    }
}
