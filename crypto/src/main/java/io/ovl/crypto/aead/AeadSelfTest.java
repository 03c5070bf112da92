package io.ovl.crypto.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * Known answers that a provider has to give before it is trusted with traffic.
 *
 * <p>A tag covers the whole ciphertext, so a correct tag over a ciphertext that opens to the plaintext shows that all
 * bytes were right and where they belong. The lengths exercise an empty message, parts of a block, and the wide code of
 * vector units.
 */
final class AeadSelfTest {
    private static final int[] LENGTHS = {0, 1, 64, 300, 1420};

    /** Computed alike by OpenSSL and by the JDK. */
    private static final String[] TAGS = {
        "078b351197976378c834e53b78461168",
        "4c0b18453406588cf9808a94d2642781",
        "f4dc78b40403923dae125935700f69ae",
        "c51bd669af69d40bb3ce541e368e79ee",
        "0415d4c476c041205a3f412b7b3988bc"
    };

    private static final long FIRST_COUNTER = 0x0102030405060708L;
    private static final int MAX_LENGTH = 1420;

    private AeadSelfTest() {}

    /** Returns when every answer is right. */
    static void run(AeadProvider provider) {
        try (Arena arena = Arena.ofConfined();
                AeadKey key = key();
                Aead aead = provider.newAead()) {
            MemorySegment plaintext = plaintext(arena);
            MemorySegment sealed = arena.allocate(MAX_LENGTH + Aead.TAG_LENGTH);
            MemorySegment opened = arena.allocate(MAX_LENGTH);
            for (int i = 0; i < LENGTHS.length; i++) {
                int length = LENGTHS[i];
                if (!isCorrect(aead, key, plaintext.asSlice(0, length), sealed, opened, TAGS[i])) {
                    throw new AeadUnavailableException(
                            "wrong result for a message of " + length + " bytes");
                }
            }
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            throw new AeadUnavailableException("the self-test failed: " + e.getMessage(), e);
        }
    }

    private static boolean isCorrect(
            Aead aead,
            AeadKey key,
            MemorySegment plaintext,
            MemorySegment sealed,
            MemorySegment opened,
            String tag) {
        int length = (int) plaintext.byteSize();
        int sealedLength = length + Aead.TAG_LENGTH;
        long counter = FIRST_COUNTER + length;
        long address = sealed.address();
        aead.seal(key, counter, plaintext.address(), length, address);
        byte[] computed = sealed.asSlice(length, Aead.TAG_LENGTH).toArray(ValueLayout.JAVA_BYTE);
        if (!HexFormat.of().formatHex(computed).equals(tag)
                || aead.open(key, counter + 1, address, sealedLength, opened.address())
                || !aead.open(key, counter, address, sealedLength, opened.address())) {
            return false;
        }
        return opened.asSlice(0, length).mismatch(plaintext) == -1;
    }

    private static AeadKey key() {
        byte[] bytes = new byte[AeadKey.LENGTH];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (0x80 + i);
        }
        return new AeadKey(bytes, 0);
    }

    private static MemorySegment plaintext(Arena arena) {
        MemorySegment plaintext = arena.allocate(MAX_LENGTH);
        for (int i = 0; i < MAX_LENGTH; i++) {
            plaintext.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7 + 1));
        }
        return plaintext;
    }
}
