package io.ovl.crypto.cookie;

/** What the two MACs at the end of a handshake message prove. */
public enum MacState {
    /** Nothing: the sender does not know this host's public key, or the message was altered. Drop it in silence. */
    INVALID_MAC1,

    /** The sender knows this host's public key. Enough, unless this host is under load: then it gets a cookie. */
    VALID_MAC1,

    /** The sender also receives at the address it sends from. */
    VALID_MAC2
}
