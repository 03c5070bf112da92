package io.ovl.config.ctl;

import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import picocli.CommandLine.Command;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl key pub}. */
@Command(
        name = "pub",
        description = "Reads a private key from standard input and prints its public key.")
final class KeyPubCommand implements Callable<Integer> {
    private final CtlContext context;

    KeyPubCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        byte[] key = KeyInput.read(context.terminal().in(), "standard input", false);
        NoisePublicKey publicKey;
        try (NoisePrivateKey privateKey = NoisePrivateKey.copyOf(key, 0)) {
            publicKey = privateKey.publicKey();
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        if (context.options().isJson) {
            context.printJson(Map.of("publicKey", publicKey.base64()));
        } else {
            context.terminal().out().println(publicKey.base64());
        }
        return ExitCode.OK;
    }
}
