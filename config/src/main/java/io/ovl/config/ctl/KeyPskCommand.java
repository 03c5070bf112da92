package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code ovlctl key psk}. */
@Command(name = "psk", description = "Makes a preshared key.")
final class KeyPskCommand implements Callable<Integer> {
    private final CtlContext context;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "make FILE for it, mode 0600, instead of printing it")
    private @Nullable Path output;

    KeyPskCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        byte[] key = new byte[32];
        new SystemRandom().nextBytes(key);
        KeyOutput.write(key, "presharedKey", output, context);
        return ExitCode.OK;
    }
}
