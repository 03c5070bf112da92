package io.ovl.crypto.aead;

/**
 * Offsets and constants of {@code intel-ipsec-mb.h} on x86-64, the same in versions 1.3 and 2.0.
 *
 * <p>Wire: the fields used, in bytes from the structure's start.
 *
 * <pre>
 * IMB_MGR   60 imb_errno   64 get_next_job   80 submit_job_nocheck
 *
 * IMB_JOB    0 enc_keys    8 dec_keys   16 key_len_in_bytes   24 src   32 dst
 *           40 cipher_start_src_offset  48 msg_len_to_cipher  56 hash_start_src_offset  64 msg_len_to_hash
 *           72 iv   80 iv_len_in_bytes  88 auth_tag_output    96 auth_tag_output_len_in_bytes
 *          104 aad 112 aad_len_in_bytes
 *          128 status 132 cipher_mode  136 cipher_direction  140 hash_alg  144 chain_order      (each 32 bits)
 * </pre>
 */
final class IpsecMbLayout {
    static final long MANAGER_ERROR_OFFSET = 60;
    static final long GET_NEXT_JOB_OFFSET = 64;
    static final long SUBMIT_JOB_NOCHECK_OFFSET = 80;

    static final long ENCRYPT_KEYS_OFFSET = 0;
    static final long DECRYPT_KEYS_OFFSET = 8;
    static final long KEY_LENGTH_OFFSET = 16;
    static final long SOURCE_OFFSET = 24;
    static final long DESTINATION_OFFSET = 32;
    static final long CIPHER_START_OFFSET = 40;
    static final long CIPHER_LENGTH_OFFSET = 48;
    static final long HASH_START_OFFSET = 56;
    static final long HASH_LENGTH_OFFSET = 64;
    static final long NONCE_OFFSET = 72;
    static final long NONCE_LENGTH_OFFSET = 80;
    static final long TAG_OFFSET = 88;
    static final long TAG_LENGTH_OFFSET = 96;
    static final long AAD_OFFSET = 104;
    static final long AAD_LENGTH_OFFSET = 112;
    static final long STATUS_OFFSET = 128;
    static final long CIPHER_MODE_OFFSET = 132;
    static final long CIPHER_DIRECTION_OFFSET = 136;
    static final long HASH_ALGORITHM_OFFSET = 140;
    static final long CHAIN_ORDER_OFFSET = 144;

    static final int STATUS_COMPLETED = 3;
    static final int CIPHER_CHACHA20_POLY1305 = 19;
    static final int AUTH_CHACHA20_POLY1305 = 29;
    static final int DIRECTION_ENCRYPT = 1;
    static final int DIRECTION_DECRYPT = 2;
    static final int ORDER_CIPHER_HASH = 1;
    static final int ORDER_HASH_CIPHER = 2;

    private IpsecMbLayout() {}
}
