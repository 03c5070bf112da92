package io.ovl.crypto.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Reads the shared conformance vectors: a bare clone without them skips those tests, CI fails. */
public final class Vectors {
    private static final Path FOLDER = Path.of("../../shared/vectors");

    private Vectors() {}

    public static Node read(String file) {
        Path path = FOLDER.resolve(file);
        if (!Files.exists(path)) {
            if (System.getenv("CI") != null) {
                fail("missing under CI: " + path);
            }
            abort("no conformance vectors beside this clone: " + path);
        }
        try {
            return new Node(JSON.std.anyFrom(Files.readString(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON value whose shape the test knows. */
    public record Node(Object value) {
        public Node get(String name) {
            return new Node(requireNonNull(((Map<?, ?>) value).get(name), name));
        }

        public boolean has(String name) {
            return ((Map<?, ?>) value).containsKey(name);
        }

        public List<Node> list() {
            return ((List<?>) value).stream().map(Node::new).toList();
        }

        public String text() {
            return (String) value;
        }

        public byte[] hex() {
            return HexFormat.of().parseHex(text());
        }

        public long number() {
            return ((Number) value).longValue();
        }

        public boolean flag() {
            return (Boolean) value;
        }
    }
}
