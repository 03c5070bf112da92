package io.ovl.config.ctl;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * JSON text to and from maps, lists, strings, longs, doubles, booleans and null.
 *
 * <p>A member whose name says that it is a secret key is a {@code byte[]} on this side and base64 on the wire: no
 * secret ever becomes a {@code String}, which nobody could wipe.
 *
 * <p>Thread: any. Errors: {@link IOException} for text that is no JSON object, repeats a name, or nests more than 16
 * deep; its message says where, never what stood there.
 */
public final class JsonCodec {
    private static final Set<String> SECRETS = Set.of("privateKey", "presharedKey");

    // Without recycling: a recycled buffer would keep the last secret for as long as the thread
    // lives.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build();

    private JsonCodec() {}

    /** Reads one object that fills all of {@code length} bytes. */
    public static Map<String, @Nullable Object> read(byte[] text, int offset, int length)
            throws IOException {
        try (JsonParser parser = FACTORY.createParser(text, offset, length)) {
            try {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new IOException("expected a JSON object");
                }
                Map<String, @Nullable Object> object = readObject(parser);
                if (parser.nextToken() != null) {
                    throw new IOException("expected nothing after the JSON object");
                }
                return object;
            } catch (JacksonException e) {
                // Jackson quotes what it could not read, which may be a key.
                throw new IOException(
                        "malformed JSON at byte " + parser.currentLocation().getByteOffset());
            }
        }
    }

    /** Writes {@code object} on one line, without a line feed. */
    public static byte[] write(Map<String, ?> object) {
        return write(object, false);
    }

    /** Writes {@code object}, indented for a person when {@code isPretty}. */
    public static byte[] write(Map<String, ?> object, boolean isPretty) {
        return writeTree(object, isPretty);
    }

    /** Writes {@code array}, indented for a person when {@code isPretty}. */
    static byte[] write(List<?> array, boolean isPretty) {
        return writeTree(array, isPretty);
    }

    private static byte[] writeTree(Object tree, boolean isPretty) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            if (isPretty) {
                generator.setPrettyPrinter(new DefaultPrettyPrinter());
            }
            writeValue(generator, tree);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a tree of JSON values", e);
        }
        return text.toByteArray();
    }

    private static Map<String, @Nullable Object> readObject(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            boolean isSecret = SECRETS.contains(name);
            object.put(
                    name,
                    parser.nextToken() == JsonToken.VALUE_STRING && isSecret
                            ? parser.getBinaryValue()
                            : readValue(parser));
        }
        return object;
    }

    private static List<@Nullable Object> readArray(JsonParser parser) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(readValue(parser));
        }
        return array;
    }

    private static @Nullable Object readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("the JSON object ends too early");
        };
    }

    private static void writeValue(JsonGenerator generator, @Nullable Object value)
            throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case String text -> generator.writeString(text);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Boolean flag -> generator.writeBoolean(flag);
            case byte[] secret -> generator.writeBinary(secret);
            case Map<?, ?> object -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    generator.writeFieldName((String) member.getKey());
                    writeValue(generator, member.getValue());
                }
                generator.writeEndObject();
            }
            case List<?> array -> {
                generator.writeStartArray();
                for (Object element : array) {
                    writeValue(generator, element);
                }
                generator.writeEndArray();
            }
            default -> throw new IOException("a value of " + value.getClass());
        }
    }
}
