package io.ovl.config.parse;

import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.Setting;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a configuration file: wg-quick's format and more, so that every wg-quick file is valid.
 *
 * <p>Section and key names are read without regard to case. {@code #} begins a comment anywhere, as for wg-quick;
 * {@code ;} does so at the beginning of a line or behind a space, except in commands.
 *
 * <p>Thread: one parse at a time. Ownership: the text is borrowed; the result's keys belong to the caller.
 *
 * <p>Errors: {@link BadConfigException} with everything that is wrong, secrets read until then wiped.
 */
public final class ConfigParser {
    private static final int MAX_LENGTH = 16 << 20;
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");
    private static final Pattern SEGMENT = Pattern.compile("(?i)segment\\s+(\\S+)");

    private final Problems problems;
    private final ParseContext context;
    private @Nullable InterfaceBuilder interfaceBuilder;
    private final List<PeerBuilder> peers = new ArrayList<>();
    private final Map<String, SegmentBuilder> segments = new LinkedHashMap<>();
    private @Nullable SectionBuilder section;
    private boolean isSectionUnknown;

    private ConfigParser(
            String name, SecretFiles secretFiles, Path directory, @Nullable Path file) {
        problems = new Problems(name);
        context = new ParseContext(problems, secretFiles, directory, file);
    }

    /** Parses a file, with key files relative to its directory. */
    public static OvlConfig parse(Path file, SecretFiles secretFiles) throws BadConfigException {
        return parse(file, secretFiles, new ConfigPlaces());
    }

    /**
     * The same.
     *
     * @param places a new one, which learns where the settings of a valid file stand
     */
    public static OvlConfig parse(Path file, SecretFiles secretFiles, ConfigPlaces places)
            throws BadConfigException {
        Path absolute = file.toAbsolutePath();
        ConfigParser parser =
                new ConfigParser(
                        file.toString(), secretFiles, absolute.resolveSibling(""), absolute);
        byte[] text = parser.read(file);
        try {
            OvlConfig config = parser.parse(text);
            parser.notePlaces(file, places);
            return config;
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /**
     * Parses UTF-8 text that did not come from a file, such as standard input.
     *
     * @param name stands for the file's in messages
     * @param directory what relative paths of key files start from
     */
    public static OvlConfig parse(byte[] text, String name, Path directory, SecretFiles secretFiles)
            throws BadConfigException {
        return new ConfigParser(name, secretFiles, directory, null).parse(text);
    }

    private void notePlaces(Path file, ConfigPlaces places) {
        places.file(file.toString());
        if (interfaceBuilder != null) {
            interfaceBuilder.notePlaces(InterfaceBuilder.TITLE, places);
        }
        segments.values().forEach(segment -> segment.notePlaces(segment.title(), places));
        for (PeerBuilder peer : peers) {
            if (peer.publicKey() != null) {
                peer.notePlaces(Setting.ofPeer(peer.publicKey(), "").section(), places);
            }
        }
    }

    private byte[] read(Path file) throws BadConfigException {
        String found;
        try {
            return readWhole(file);
        } catch (OverlongFileException e) {
            found = "is longer than " + MAX_LENGTH + " bytes";
        } catch (IOException e) {
            found = "cannot be read (" + ReadFailure.reason(e) + ")";
        }
        rejectFile(BadConfigReason.UNREADABLE_FILE, found, "Check the path and its permissions.");
        throw problems.toException();
    }

    private static byte[] readWhole(Path file) throws IOException {
        // One buffer, so that there is one copy to wipe. A pipe does not tell its length.
        long length = Files.isRegularFile(file) ? Files.size(file) : MAX_LENGTH;
        byte[] buffer = new byte[(int) Math.min(length, MAX_LENGTH) + 1];
        try (InputStream in = Files.newInputStream(file)) {
            int count = in.readNBytes(buffer, 0, buffer.length);
            if (count > MAX_LENGTH) {
                throw new OverlongFileException();
            }
            return Arrays.copyOf(buffer, count);
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    private static final class OverlongFileException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private void rejectFile(BadConfigReason reason, String found, String allowed) {
        problems.add(problems.of(0, 0, null, null, reason, found, allowed));
    }

    private OvlConfig parse(byte[] text) throws BadConfigException {
        try {
            if (isUtf8(text)) {
                readLines(text);
                finishSections();
            } else {
                rejectFile(BadConfigReason.NOT_TEXT, "is not UTF-8 text", "Save it as UTF-8.");
            }
            if (!problems.isEmpty()) {
                throw problems.toException();
            }
            return build();
        } catch (BadConfigException | RuntimeException e) {
            wipe();
            throw e;
        }
    }

    private static boolean isUtf8(byte[] text) {
        CharBuffer chars = null;
        try {
            chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return chars.chars().noneMatch(c -> c == 0);
        } catch (CharacterCodingException e) {
            return false;
        } finally {
            if (chars != null) {
                Arrays.fill(chars.array(), (char) 0);
            }
        }
    }

    private void readLines(byte[] text) {
        boolean hasMark =
                text.length >= 3
                        && text[0] == (byte) 0xef
                        && text[1] == (byte) 0xbb
                        && text[2] == (byte) 0xbf;
        int start = hasMark ? 3 : 0;
        for (int number = 1; start < text.length; number++) {
            int end = start;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            readLine(new ConfigLine(text, number, start, end));
            start = end + 1;
        }
    }

    private void readLine(ConfigLine line) {
        int end = line.indexOf('#', line.start(), line.end());
        int start = line.trimStart(line.start(), end);
        end = line.trimEnd(start, end);
        if (start == end || line.bytes()[start] == ';') {
            return;
        }
        if (line.bytes()[start] == '[') {
            beginSection(line, start, end);
            return;
        }
        int equals = line.indexOf('=', start, end);
        int keyEnd = line.trimEnd(start, equals);
        String key = keyEnd - start > 32 ? "" : ascii(line, start, keyEnd);
        if (equals == end || !KEY.matcher(key).matches()) {
            // Not repeated: it may be a secret without its key.
            reject(
                    line,
                    start,
                    BadConfigReason.SYNTAX,
                    "is neither a section nor KEY = VALUE",
                    "Comments begin with #.");
        } else if (section != null) {
            readKey(section, key, line, start, equals + 1, end);
        } else if (!isSectionUnknown) {
            reject(
                    line,
                    start,
                    BadConfigReason.KEY_OUTSIDE_SECTION,
                    key + " stands before the first section",
                    "Put it below [Interface], [Peer] or [Segment NAME].");
        }
    }

    private void readKey(
            SectionBuilder in, String key, ConfigLine line, int start, int valueStart, int end) {
        String spelling = in.spelling(key);
        if (spelling == null) {
            reject(
                    line,
                    start,
                    BadConfigReason.UNKNOWN_KEY,
                    in.title() + " has no key " + key,
                    hintForUnknownKey(in, key));
            return;
        }
        int valueEnd =
                InterfaceBuilder.isHook(spelling)
                        ? end
                        : line.indexOfSemicolonComment(valueStart, end);
        in.accept(
                spelling,
                new ConfigValue(line, valueStart, valueEnd, in.title(), spelling, problems));
    }

    private static String hintForUnknownKey(SectionBuilder in, String key) {
        Problems unused = new Problems("");
        ParseContext blank =
                new ParseContext(unused, SecretFiles.refusingExposed(), Path.of(""), null);
        for (SectionBuilder other :
                List.of(
                        new InterfaceBuilder(0, blank),
                        new PeerBuilder(0, blank),
                        new SegmentBuilder("NAME", 0, blank))) {
            String spelling = other.spelling(key);
            if (spelling != null) {
                return spelling + " is a key of " + other.title() + ".";
            }
        }
        String nearest = NearestName.of(key, in.keyNames());
        return nearest != null
                ? "Did you mean " + nearest + "?"
                : "Allowed: " + String.join(", ", in.keyNames()) + ".";
    }

    private void beginSection(ConfigLine line, int start, int lineEnd) {
        int end = line.trimEnd(start, line.indexOfSemicolonComment(start, lineEnd));
        section = null;
        isSectionUnknown = true;
        if (line.bytes()[end - 1] != ']' || end - start > 128) {
            reject(
                    line,
                    start,
                    BadConfigReason.SYNTAX,
                    "the section's name does not end with ]",
                    "Allowed: [Interface], [Peer], [Segment NAME].");
            return;
        }
        String title =
                ascii(line, line.trimStart(start + 1, end - 1), line.trimEnd(start + 1, end - 1));
        Matcher segment = SEGMENT.matcher(title);
        if (title.equalsIgnoreCase("Interface")) {
            if (interfaceBuilder == null) {
                interfaceBuilder = new InterfaceBuilder(line.number(), context);
            }
            section = interfaceBuilder;
        } else if (title.equalsIgnoreCase("Peer")) {
            PeerBuilder peer = new PeerBuilder(line.number(), context);
            peers.add(peer);
            section = peer;
        } else if (segment.matches()) {
            section = beginSegment(line, start, segment.group(1));
        } else {
            reject(
                    line,
                    start,
                    BadConfigReason.UNKNOWN_SECTION,
                    "there is no such section",
                    hintForUnknownSection(title));
        }
    }

    private static String hintForUnknownSection(String title) {
        String word = title.split("\\s", 2)[0];
        String nearest = NearestName.of(word, List.of("Interface", "Peer", "Segment"));
        if (nearest == null) {
            return "Allowed: [Interface], [Peer], [Segment NAME].";
        }
        return "Did you mean [" + nearest + (nearest.equals("Segment") ? " NAME" : "") + "]?";
    }

    private @Nullable SectionBuilder beginSegment(ConfigLine line, int start, String name) {
        SegmentBuilder earlier = segments.get(name);
        if (earlier != null) {
            reject(
                    line,
                    start,
                    BadConfigReason.DUPLICATE_SEGMENT,
                    "[Segment " + name + "] stands on line " + earlier.line() + " already",
                    "Give every segment a name of its own.");
            return null;
        }
        if (!Values.isName(name)) {
            reject(
                    line,
                    start,
                    BadConfigReason.INVALID_NAME,
                    "is not the name of a segment",
                    Values.NAME_ALLOWED);
            return null;
        }
        SegmentBuilder segment = new SegmentBuilder(name, line.number(), context);
        segments.put(name, segment);
        return segment;
    }

    private void reject(
            ConfigLine line, int start, BadConfigReason reason, String found, String allowed) {
        String title = section == null ? null : section.title();
        problems.add(
                problems.of(
                        line.number(), line.column(start), title, null, reason, found, allowed));
    }

    private static String ascii(ConfigLine line, int start, int end) {
        return new String(line.bytes(), start, end - start, StandardCharsets.ISO_8859_1);
    }

    private void finishSections() {
        if (interfaceBuilder != null) {
            interfaceBuilder.check();
        }
        peers.forEach(PeerBuilder::check);
        segments.values().forEach(SegmentBuilder::check);
        CrossChecks.run(peers, List.copyOf(segments.values()));
    }

    private OvlConfig build() {
        InterfaceBuilder own =
                interfaceBuilder == null ? new InterfaceBuilder(0, context) : interfaceBuilder;
        return new OvlConfig(
                own.build(),
                peers.stream().map(PeerBuilder::build).toList(),
                segments.values().stream().map(SegmentBuilder::build).toList());
    }

    private void wipe() {
        if (interfaceBuilder != null) {
            interfaceBuilder.wipe();
        }
        peers.forEach(PeerBuilder::wipe);
    }
}
