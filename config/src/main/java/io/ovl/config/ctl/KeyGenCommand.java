package io.ovl.config.ctl;

import io.ovl.crypto.key.NoisePrivateKey;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code ovlctl key gen}. */
@Command(name = "gen", description = "Makes a private key.")
final class KeyGenCommand implements Callable<Integer> {
    private final CtlContext context;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "make FILE for it, mode 0600, instead of printing it")
    private @Nullable Path output;

    KeyGenCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        byte[] key = new byte[NoisePrivateKey.LENGTH];
        try (NoisePrivateKey privateKey = NoisePrivateKey.generate(new SystemRandom())) {
            privateKey.copyTo(key, 0);
        }
        KeyOutput.write(key, "privateKey", output, context);
        return ExitCode.OK;
    }
}
