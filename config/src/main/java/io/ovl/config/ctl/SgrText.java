package io.ovl.config.ctl;

/**
 * The few terminal colours that {@code wg} uses, or none of them.
 *
 * <p>Thread: any; immutable.
 */
record SgrText(boolean isColored) {
    private static final String RESET = "\033[0m";

    String bold(String text) {
        return wrap("\033[1m", text);
    }

    String green(String text) {
        return wrap("\033[32m", text);
    }

    String yellow(String text) {
        return wrap("\033[33m", text);
    }

    String red(String text) {
        return wrap("\033[31m", text);
    }

    String cyan(String text) {
        return wrap("\033[36m", text);
    }

    String boldGreen(String text) {
        return wrap("\033[32m\033[1m", text);
    }

    String boldYellow(String text) {
        return wrap("\033[33m\033[1m", text);
    }

    /** What ends any colour that was on before. */
    String reset() {
        return isColored ? RESET : "";
    }

    private String wrap(String start, String text) {
        return isColored ? start + text + RESET : text;
    }
}
