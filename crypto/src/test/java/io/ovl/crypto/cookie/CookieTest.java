package io.ovl.crypto.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.message.MessageCookieReplyFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.message.MessageType;
import io.ovl.crypto.testing.SeededRandom;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of mac1, mac2 and cookies against each other. */
class CookieTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_000 * SECOND;
    private static final long ADDRESS = 0x0a000001;
    private static final int PORT = 51_820;
    private static final int OFFSET = 5;
    private static final int INITIATION = MessageInitiationFlyweight.LENGTH;
    private static final int RESPONSE = MessageResponseFlyweight.LENGTH;

    private final SeededRandom random = new SeededRandom(1);
    private final NoisePublicKey responder;
    private final CookieChecker checker;
    private final CookieGenerator generator;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[OFFSET + INITIATION]);
    private final UnsafeBuffer reply =
            new UnsafeBuffer(new byte[OFFSET + MessageCookieReplyFlyweight.LENGTH]);

    CookieTest() {
        try (NoisePrivateKey key = NoisePrivateKey.generate(random)) {
            responder = key.publicKey();
        }
        checker = new CookieChecker(responder, random);
        generator = new CookieGenerator(responder);
        MessageInitiationFlyweight.senderIndex(message, OFFSET, 0x1234567);
    }

    @ParameterizedTest
    @ValueSource(ints = {INITIATION, RESPONSE})
    void shouldAcceptMac1AndRefuseItWithAnyBitFlipped(int length) {
        generator.addMacs(message, OFFSET, length, START);
        assertThat(check(length, false, START)).isEqualTo(MacState.VALID_MAC1);
        for (int bit = 0; bit < 8 * (length - 16); bit++) {
            flip(bit);
            assertThat(check(length, false, START))
                    .as("bit %d", bit)
                    .isEqualTo(MacState.INVALID_MAC1);
            flip(bit);
        }
    }

    @Test
    void shouldRefuseMac1MadeForAnother() {
        try (NoisePrivateKey other = NoisePrivateKey.generate(random)) {
            new CookieGenerator(other.publicKey()).addMacs(message, OFFSET, INITIATION, START);
        }
        assertThat(check(INITIATION, false, START)).isEqualTo(MacState.INVALID_MAC1);
    }

    @Test
    void shouldWriteZeroMac2WithoutCookie() {
        generator.addMacs(message, OFFSET, INITIATION, START);
        assertThat(hasMac2()).isFalse();
        assertThat(check(INITIATION, true, START)).isEqualTo(MacState.VALID_MAC1);
    }

    @Test
    void shouldProveAddressWithCookie() {
        obtainCookie(START);
        generator.addMacs(message, OFFSET, INITIATION, START + SECOND);
        assertThat(hasMac2()).isTrue();
        assertThat(check(INITIATION, true, START + SECOND)).isEqualTo(MacState.VALID_MAC2);
        assertThat(check(INITIATION, false, START + SECOND)).isEqualTo(MacState.VALID_MAC1);
    }

    @Test
    void shouldAddressReplyToSenderOfMessage() {
        obtainCookie(START);
        assertThat(MessageType.classify(reply, OFFSET, MessageCookieReplyFlyweight.LENGTH))
                .isEqualTo(MessageType.COOKIE_REPLY);
        assertThat(MessageCookieReplyFlyweight.receiverIndex(reply, OFFSET)).isEqualTo(0x1234567);
    }

    @Test
    void shouldRefuseMac2WithAnyBitFlipped() {
        obtainCookie(START);
        generator.addMacs(message, OFFSET, INITIATION, START);
        for (int bit = 8 * (INITIATION - 16); bit < 8 * INITIATION; bit++) {
            flip(bit);
            assertThat(check(INITIATION, true, START)).isEqualTo(MacState.VALID_MAC1);
            flip(bit);
        }
        assertThat(check(INITIATION, true, START)).isEqualTo(MacState.VALID_MAC2);
    }

    @Test
    void shouldBindCookieToAddressAndPort() {
        obtainCookie(START);
        generator.addMacs(message, OFFSET, INITIATION, START);
        assertThat(checkFrom(false, 0, ADDRESS, PORT + 1)).isEqualTo(MacState.VALID_MAC1);
        assertThat(checkFrom(false, 0, ADDRESS + 1, PORT)).isEqualTo(MacState.VALID_MAC1);
        assertThat(checkFrom(true, 0, ADDRESS, PORT)).isEqualTo(MacState.VALID_MAC1);
        assertThat(checkFrom(false, 0, ADDRESS, PORT)).isEqualTo(MacState.VALID_MAC2);
    }

    @Test
    void shouldBindCookieToAllBitsOfIpv6Address() {
        generator.addMacs(message, OFFSET, INITIATION, START);
        checker.createReply(reply, OFFSET, message, OFFSET, INITIATION, true, 1, 2, PORT, START);
        assertThat(generator.consumeReply(reply, OFFSET, START)).isTrue();
        generator.addMacs(message, OFFSET, INITIATION, START);
        assertThat(checkFrom(true, 1, 2, PORT)).isEqualTo(MacState.VALID_MAC2);
        for (int bit = 0; bit < 64; bit++) {
            assertThat(checkFrom(true, 1 ^ 1L << bit, 2, PORT)).isEqualTo(MacState.VALID_MAC1);
            assertThat(checkFrom(true, 1, 2 ^ 1L << bit, PORT)).isEqualTo(MacState.VALID_MAC1);
        }
    }

    @Test
    void shouldUseCookieForOneHundredFifteenSeconds() {
        obtainCookie(START);
        generator.addMacs(message, OFFSET, INITIATION, START + 115 * SECOND - 1);
        assertThat(check(INITIATION, true, START + 115 * SECOND - 1))
                .isEqualTo(MacState.VALID_MAC2);
        generator.addMacs(message, OFFSET, INITIATION, START + 115 * SECOND);
        assertThat(hasMac2()).isFalse();
    }

    @Test
    void shouldReplaceSecretAfterOneHundredTwentySeconds() {
        obtainCookie(START);
        generator.addMacs(message, OFFSET, INITIATION, START);
        assertThat(check(INITIATION, true, START + 120 * SECOND - 1))
                .isEqualTo(MacState.VALID_MAC2);
        assertThat(check(INITIATION, true, START + 120 * SECOND)).isEqualTo(MacState.VALID_MAC1);
        CookieGenerator other = new CookieGenerator(responder);
        UnsafeBuffer another = new UnsafeBuffer(new byte[INITIATION]);
        other.addMacs(another, 0, INITIATION, START);
        checker.createReply(
                reply,
                OFFSET,
                another,
                0,
                INITIATION,
                false,
                0,
                ADDRESS,
                PORT,
                START + 121 * SECOND);
        assertThat(check(INITIATION, true, START + 121 * SECOND)).isEqualTo(MacState.VALID_MAC1);
    }

    @Test
    void shouldTakeReplyToLatestMessageOnly() {
        generator.addMacs(message, OFFSET, INITIATION, START);
        checker.createReply(
                reply, OFFSET, message, OFFSET, INITIATION, false, 0, ADDRESS, PORT, START);
        MessageInitiationFlyweight.senderIndex(message, OFFSET, 7);
        generator.addMacs(message, OFFSET, INITIATION, START);
        assertThat(generator.consumeReply(reply, OFFSET, START)).isFalse();
    }

    @Test
    void shouldTakeOneReplyToOneMessage() {
        assertThat(generator.consumeReply(reply, OFFSET, START)).isFalse();
        obtainCookie(START);
        assertThat(generator.consumeReply(reply, OFFSET, START)).isFalse();
    }

    @Test
    void shouldRefuseReplyWithAnyBitFlippedAndStillTakeTheRealOne() {
        generator.addMacs(message, OFFSET, INITIATION, START);
        checker.createReply(
                reply, OFFSET, message, OFFSET, INITIATION, false, 0, ADDRESS, PORT, START);
        for (int bit = 8 * 8; bit < 8 * 64; bit++) {
            int index = OFFSET + bit / 8;
            reply.putByte(index, (byte) (reply.getByte(index) ^ 1 << bit % 8));
            assertThat(generator.consumeReply(reply, OFFSET, START)).isFalse();
            reply.putByte(index, (byte) (reply.getByte(index) ^ 1 << bit % 8));
        }
        generator.addMacs(message, OFFSET, INITIATION, START);
        assertThat(hasMac2()).isFalse();
        assertThat(generator.consumeReply(reply, OFFSET, START)).isTrue();
    }

    @Test
    void shouldAnswerWithLessThanItGot() {
        assertThat(MessageCookieReplyFlyweight.LENGTH).isLessThan(RESPONSE).isLessThan(INITIATION);
    }

    private void obtainCookie(long nowNs) {
        generator.addMacs(message, OFFSET, INITIATION, nowNs);
        checker.createReply(
                reply, OFFSET, message, OFFSET, INITIATION, false, 0, ADDRESS, PORT, nowNs);
        assertThat(generator.consumeReply(reply, OFFSET, nowNs)).isTrue();
    }

    private MacState check(int length, boolean isUnderLoad, long nowNs) {
        return checker.check(message, OFFSET, length, false, 0, ADDRESS, PORT, isUnderLoad, nowNs);
    }

    private MacState checkFrom(boolean isIpv6, long high, long low, int port) {
        return checker.check(message, OFFSET, INITIATION, isIpv6, high, low, port, true, START);
    }

    private boolean hasMac2() {
        int mac2 = OFFSET + MessageInitiationFlyweight.MAC2_OFFSET;
        return (message.getLong(mac2) | message.getLong(mac2 + 8)) != 0;
    }

    private void flip(int bit) {
        int index = OFFSET + bit / 8;
        message.putByte(index, (byte) (message.getByte(index) ^ 1 << bit % 8));
    }
}
