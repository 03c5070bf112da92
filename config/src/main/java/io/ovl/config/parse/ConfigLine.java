package io.ovl.config.parse;

/** One line of a file, as a range of its bytes. */
final class ConfigLine {
    private final byte[] bytes;
    private final int number;
    private final int start;
    private final int end;

    /**
     * @param bytes of the whole file, borrowed
     * @param number counted from 1
     * @param end behind the last byte, the line feed left out
     */
    ConfigLine(byte[] bytes, int number, int start, int end) {
        this.bytes = bytes;
        this.number = number;
        this.start = start;
        this.end = end;
    }

    byte[] bytes() {
        return bytes;
    }

    int number() {
        return number;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int indexOf(char c, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != c) {
            i++;
        }
        return i;
    }

    int indexOfSpace(int from, int to) {
        int i = from;
        while (i < to && !isSpace(bytes[i])) {
            i++;
        }
        return i;
    }

    int trimStart(int from, int to) {
        int i = from;
        while (i < to && isSpace(bytes[i])) {
            i++;
        }
        return i;
    }

    int trimEnd(int from, int to) {
        int i = to;
        while (i > from && isSpace(bytes[i - 1])) {
            i--;
        }
        return i;
    }

    /** The first semicolon that stands alone or behind a space: a comment, where it is not part of a command. */
    int indexOfSemicolonComment(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ';' && (i == start || isSpace(bytes[i - 1]))) {
                return i;
            }
        }
        return to;
    }

    /** The column of a byte in characters: continuation bytes of UTF-8 do not count. */
    int column(int offset) {
        int column = 1;
        for (int i = start; i < offset; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return column;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    /** Never the bytes: they may hold a secret. */
    @Override
    public String toString() {
        return "line " + number;
    }
}
