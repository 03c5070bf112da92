package io.ovl.crypto.noise;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.key.SecretCell;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The Noise_IKpsk2 handshake with one peer, in either role; the later of two that overlap replaces the earlier.
 *
 * <p>Initiator: {@link #createInitiation}, {@link #consumeResponse}, {@link #beginSession}. Responder:
 * {@link InitiationReader}, {@link #accept}, {@link #createResponse}, {@link #beginSession}.
 *
 * <p>Thread: one owner. Ownership: borrows identity and preshared key until they are replaced or this is closed; wipes
 * its own secrets. Wire: WireGuard whitepaper §5.4.2, §5.4.3; mac1 and mac2 are the cookie package's.
 *
 * <p>Errors: none thrown. Every step works on a copy and commits at its end, so that a message which does not verify,
 * or a call out of turn, changes nothing.
 */
public final class Handshake implements AutoCloseable {
    /** Told the secrets of every handshake message that is made, so that a test can decrypt what was captured. */
    @FunctionalInterface
    public interface KeyLog {
        /** Ownership: borrows the keys, which are wiped when this returns. */
        void onMessage(
                byte[] localStatic,
                byte[] remoteStatic,
                byte[] localEphemeral,
                byte[] presharedKey);
    }

    /** Null but in tests of a whole daemon. */
    private static volatile @Nullable KeyLog keyLog;

    private static final byte[] NO_PRESHARED_KEY = new byte[NoisePresharedKey.LENGTH];
    private static final byte[] NOTHING = new byte[0];

    private enum Step {
        IDLE,
        CREATED_INITIATION,
        ACCEPTED_INITIATION,
        CREATED_RESPONSE,
        CONSUMED_RESPONSE
    }

    private final NoisePublicKey remote;
    private final byte[] remoteStatic;
    private LocalIdentity local;
    private @Nullable SecretCell staticAgreement;
    private boolean hasAgreed;
    private @Nullable NoisePresharedKey presharedKey;

    private Step step = Step.IDLE;
    private @Nullable SymmetricState state;
    private @Nullable SecretCell ephemeral;
    private byte[] remoteEphemeral = NOTHING;
    private int localIndex;
    private int remoteIndex;

    private Tai64n latestTimestamp = new Tai64n(0, 0);
    private boolean hasAccepted;
    private long lastAcceptedNs;

    public Handshake(
            LocalIdentity local, NoisePublicKey remote, @Nullable NoisePresharedKey presharedKey) {
        this.local = local;
        this.remote = remote;
        this.remoteStatic = remote.bytes();
        this.presharedKey = presharedKey;
    }

    /** Has the secrets of all handshakes of this process told from now on. */
    public static void logKeys(KeyLog log) {
        keyLog = log;
    }

    /** Whether a handshake can succeed at all: false without a private key and for a remote key of low order. */
    public boolean isUsable() {
        return staticAgreement() != null;
    }

    /** Test hook: whether the statics have been agreed on. */
    boolean hasAgreed() {
        return hasAgreed;
    }

    /** Replaces the preshared key; null or zeros for none. Counts from the next response on. */
    public void presharedKey(@Nullable NoisePresharedKey key) {
        presharedKey = key;
    }

    /** Replaces this host's identity and forgets what was under way; the greatest time stamp seen stays. */
    public void identity(LocalIdentity identity) {
        clear();
        forgetAgreement();
        local = identity;
    }

    /** This side's index of the handshake under way, and of the session it yields. */
    public int localIndex() {
        return localIndex;
    }

    /** Whether an initiation was created and neither answered nor replaced since. */
    public boolean isAwaitingResponse() {
        return step == Step.CREATED_INITIATION;
    }

    /** Writes an initiation, all but mac1 and mac2; false, writing nothing, when the handshake is not usable. */
    public boolean createInitiation(
            MutableDirectBuffer out,
            int offset,
            int localIndex,
            Tai64n timestamp,
            RandomSource random) {
        SecretCell agreement = staticAgreement();
        if (agreement == null) {
            return false;
        }
        SecretCell newEphemeral = Agreement.generate(random);
        byte[] ephemeralPublic = Agreement.publicKey(newEphemeral);
        SymmetricState next = SymmetricState.create();
        next.mixHash(remoteStatic);
        next.mixEphemeral(ephemeralPublic);
        if (!next.mixAgreement(newEphemeral, remoteStatic)) {
            newEphemeral.close();
            next.close();
            return false;
        }
        byte[] sealedStatic = next.encryptAndHash(local.publicKey().bytes());
        next.mixAgreement(agreement);
        byte[] label = new byte[Tai64n.LENGTH];
        timestamp.write(new UnsafeBuffer(label), 0);
        byte[] sealedTimestamp = next.encryptAndHash(label);

        MessageInitiationFlyweight.putType(out, offset);
        MessageInitiationFlyweight.senderIndex(out, offset, localIndex);
        MessageInitiationFlyweight.putEphemeral(out, offset, ephemeralPublic);
        MessageInitiationFlyweight.putEncryptedStatic(out, offset, sealedStatic);
        MessageInitiationFlyweight.putEncryptedTimestamp(out, offset, sealedTimestamp);

        logKeys(newEphemeral);
        clear();
        state = next;
        ephemeral = newEphemeral;
        this.localIndex = localIndex;
        step = Step.CREATED_INITIATION;
        return true;
    }

    /**
     * Verifies an initiation that claims this peer's static key. Only {@link InitiationVerdict#ACCEPTED} changes
     * anything: it replaces whatever handshake was under way. To be called once per message; the caller closes
     * {@code received}.
     */
    public InitiationVerdict accept(ReceivedInitiation received, long nowNs) {
        SecretCell agreement = staticAgreement();
        if (agreement == null || !received.remoteStatic().equals(remote)) {
            return InitiationVerdict.INVALID;
        }
        byte[] label = new byte[Tai64n.LENGTH];
        SymmetricState next = received.state();
        next.mixAgreement(agreement);
        if (!next.decryptAndHash(received.sealedTimestamp(), label)) {
            return InitiationVerdict.INVALID;
        }
        Tai64n timestamp = Tai64n.read(new UnsafeBuffer(label), 0);
        if (timestamp.compareTo(latestTimestamp) <= 0) {
            return InitiationVerdict.REPLAYED;
        }
        if (hasAccepted && nowNs - lastAcceptedNs < ProtocolLimits.INITIATION_INTERVAL_NS) {
            return InitiationVerdict.FLOODED;
        }
        clear();
        state = next.copy();
        remoteEphemeral = received.remoteEphemeral();
        remoteIndex = received.senderIndex();
        latestTimestamp = timestamp;
        lastAcceptedNs = nowNs;
        hasAccepted = true;
        step = Step.ACCEPTED_INITIATION;
        return InitiationVerdict.ACCEPTED;
    }

    /** Writes the response to the initiation just accepted, all but mac1 and mac2; false when there is none. */
    public boolean createResponse(
            MutableDirectBuffer out, int offset, int localIndex, RandomSource random) {
        SymmetricState accepted = state;
        if (step != Step.ACCEPTED_INITIATION || accepted == null) {
            return false;
        }
        SymmetricState next = accepted.copy();
        byte[] ephemeralPublic;
        try (SecretCell newEphemeral = Agreement.generate(random)) {
            ephemeralPublic = Agreement.publicKey(newEphemeral);
            next.mixEphemeral(ephemeralPublic);
            if (!next.mixAgreement(newEphemeral, remoteEphemeral)
                    || !next.mixAgreement(newEphemeral, remoteStatic)) {
                next.close();
                return false;
            }
            logKeys(newEphemeral);
        }
        mixPresharedKey(next);
        byte[] sealedNothing = next.encryptAndHash(NOTHING);

        MessageResponseFlyweight.putType(out, offset);
        MessageResponseFlyweight.senderIndex(out, offset, localIndex);
        MessageResponseFlyweight.receiverIndex(out, offset, remoteIndex);
        MessageResponseFlyweight.putEphemeral(out, offset, ephemeralPublic);
        MessageResponseFlyweight.putEncryptedNothing(out, offset, sealedNothing);

        accepted.close();
        state = next;
        this.localIndex = localIndex;
        step = Step.CREATED_RESPONSE;
        return true;
    }

    /** Verifies the response to the initiation created last; false, changing nothing, when it is not that. */
    public boolean consumeResponse(DirectBuffer in, int offset) {
        SymmetricState created = state;
        SecretCell privateKey = ephemeral;
        if (step != Step.CREATED_INITIATION
                || created == null
                || privateKey == null
                || MessageResponseFlyweight.receiverIndex(in, offset) != localIndex) {
            return false;
        }
        byte[] responderEphemeral = new byte[MessageResponseFlyweight.EPHEMERAL_LENGTH];
        byte[] sealedNothing = new byte[MessageResponseFlyweight.ENCRYPTED_NOTHING_LENGTH];
        MessageResponseFlyweight.getEphemeral(in, offset, responderEphemeral);
        MessageResponseFlyweight.getEncryptedNothing(in, offset, sealedNothing);

        SymmetricState next = created.copy();
        next.mixEphemeral(responderEphemeral);
        if (!next.mixAgreement(privateKey, responderEphemeral)
                || !next.mixAgreement(local.privateKey(), responderEphemeral)) {
            next.close();
            return false;
        }
        mixPresharedKey(next);
        if (!next.decryptAndHash(sealedNothing, NOTHING)) {
            next.close();
            return false;
        }
        created.close();
        privateKey.close();
        ephemeral = null;
        state = next;
        remoteIndex = MessageResponseFlyweight.senderIndex(in, offset);
        step = Step.CONSUMED_RESPONSE;
        return true;
    }

    /** Turns a completed handshake into the session's keypair, once; null when no handshake is complete. */
    public @Nullable Keypair beginSession(long nowNs) {
        SymmetricState completed = state;
        if (completed == null || step != Step.CREATED_RESPONSE && step != Step.CONSUMED_RESPONSE) {
            return null;
        }
        boolean isInitiator = step == Step.CONSUMED_RESPONSE;
        byte[] keys = completed.split();
        AeadKey first = new AeadKey(keys, 0);
        AeadKey second = new AeadKey(keys, AeadKey.LENGTH);
        Arrays.fill(keys, (byte) 0);
        clear();
        return new Keypair(
                isInitiator ? first : second,
                isInitiator ? second : first,
                localIndex,
                remoteIndex,
                nowNs,
                isInitiator);
    }

    /** Wipes the handshake under way; what protects against replayed initiations stays. */
    public void clear() {
        if (state != null) {
            state.close();
            state = null;
        }
        if (ephemeral != null) {
            ephemeral.close();
            ephemeral = null;
        }
        remoteEphemeral = NOTHING;
        step = Step.IDLE;
    }

    /** Wipes everything secret; the handshake is not usable afterwards. Idempotent. */
    @Override
    public void close() {
        clear();
        presharedKey = null;
        forgetAgreement();
        hasAgreed = true;
    }

    private void forgetAgreement() {
        if (staticAgreement != null) {
            staticAgreement.close();
            staticAgreement = null;
        }
        hasAgreed = false;
    }

    /**
     * A scalar multiplication the first time: most of thousands of peers that are configured at once need it much
     * later, if ever.
     */
    private @Nullable SecretCell staticAgreement() {
        if (!hasAgreed) {
            staticAgreement = agreeOnStatics();
            hasAgreed = true;
        }
        return staticAgreement;
    }

    private @Nullable SecretCell agreeOnStatics() {
        byte[] shared = new byte[Agreement.LENGTH];
        boolean isContributory =
                local.hasKey() && Agreement.compute(local.privateKey(), remoteStatic, shared);
        SecretCell agreement = isContributory ? SecretCell.copyOf(shared, 0) : null;
        Arrays.fill(shared, (byte) 0);
        return agreement;
    }

    private void logKeys(SecretCell localEphemeral) {
        KeyLog log = keyLog;
        if (log == null) {
            return;
        }
        byte[] localStatic = new byte[Agreement.LENGTH];
        byte[] ephemeralCopy = new byte[Agreement.LENGTH];
        byte[] psk = new byte[NoisePresharedKey.LENGTH];
        local.privateKey().copyTo(localStatic, 0);
        localEphemeral.copyTo(ephemeralCopy, 0);
        if (presharedKey != null) {
            presharedKey.copyTo(psk, 0);
        }
        log.onMessage(localStatic, remoteStatic.clone(), ephemeralCopy, psk);
        Arrays.fill(localStatic, (byte) 0);
        Arrays.fill(ephemeralCopy, (byte) 0);
        Arrays.fill(psk, (byte) 0);
    }

    private void mixPresharedKey(SymmetricState next) {
        if (presharedKey == null) {
            next.mixPresharedKey(NO_PRESHARED_KEY);
            return;
        }
        byte[] key = new byte[NoisePresharedKey.LENGTH];
        presharedKey.copyTo(key, 0);
        next.mixPresharedKey(key);
        Arrays.fill(key, (byte) 0);
    }
}
