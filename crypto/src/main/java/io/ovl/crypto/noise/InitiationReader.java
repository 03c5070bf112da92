package io.ovl.crypto.noise;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.message.MessageInitiationFlyweight;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a received initiation that comes before anyone knows which peer it is from.
 *
 * <p>Thread: any; stateless. Wire: WireGuard whitepaper §5.4.2. Errors: none; a message that does not verify is null.
 */
public final class InitiationReader {
    private InitiationReader() {}

    /**
     * Decrypts the sender's static key; null when the message was not made for {@code local}. The caller has classified
     * the message and verified its mac1, and closes the result.
     */
    public static @Nullable ReceivedInitiation read(
            LocalIdentity local, DirectBuffer in, int offset) {
        if (!local.hasKey()) {
            return null;
        }
        byte[] ephemeral = new byte[MessageInitiationFlyweight.EPHEMERAL_LENGTH];
        byte[] sealedStatic = new byte[MessageInitiationFlyweight.ENCRYPTED_STATIC_LENGTH];
        byte[] remoteStatic = new byte[NoisePublicKey.LENGTH];
        MessageInitiationFlyweight.getEphemeral(in, offset, ephemeral);
        MessageInitiationFlyweight.getEncryptedStatic(in, offset, sealedStatic);

        SymmetricState state = SymmetricState.create();
        state.mixHash(local.publicKey().bytes());
        state.mixEphemeral(ephemeral);
        if (!state.mixAgreement(local.privateKey(), ephemeral)
                || !state.decryptAndHash(sealedStatic, remoteStatic)) {
            state.close();
            return null;
        }
        byte[] sealedTimestamp = new byte[MessageInitiationFlyweight.ENCRYPTED_TIMESTAMP_LENGTH];
        MessageInitiationFlyweight.getEncryptedTimestamp(in, offset, sealedTimestamp);
        return new ReceivedInitiation(
                MessageInitiationFlyweight.senderIndex(in, offset),
                NoisePublicKey.copyOf(remoteStatic, 0),
                ephemeral,
                sealedTimestamp,
                state);
    }
}
