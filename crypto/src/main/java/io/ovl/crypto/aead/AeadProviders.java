package io.ovl.crypto.aead;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The providers of {@link Aead}, fastest first: {@code ipsec-mb}, {@code openssl}, {@code jdk}.
 *
 * <p>A provider counts as available when its library loads and {@link AeadSelfTest} passes.
 *
 * <p>Thread: any.
 */
public final class AeadProviders {
    private static final List<Candidate> CANDIDATES =
            List.of(
                    new Candidate(IpsecMbAeadProvider.NAME, IpsecMbAeadProvider::new),
                    new Candidate(OpenSslAeadProvider.NAME, OpenSslAeadProvider::new),
                    new Candidate(JdkAeadProvider.NAME, JdkAeadProvider::new));

    private AeadProviders() {}

    /** The names of all providers, available or not, fastest first. */
    public static List<String> names() {
        return CANDIDATES.stream().map(Candidate::name).toList();
    }

    /**
     * The provider to use.
     *
     * @param wanted one of {@link #names}, or null or empty for the fastest that is available
     * @throws AeadUnavailableException saying why: an unknown name with the names there are, or what each provider
     *     failed of
     */
    public static AeadProvider select(@Nullable String wanted) {
        if (wanted == null || wanted.isEmpty()) {
            return fastest();
        }
        for (Candidate candidate : CANDIDATES) {
            if (candidate.name.equals(wanted)) {
                try {
                    return candidate.load();
                } catch (AeadUnavailableException e) {
                    throw new AeadUnavailableException(
                            "AEAD provider "
                                    + wanted
                                    + " is not available: "
                                    + e.getMessage()
                                    + " (providers: "
                                    + String.join(", ", names())
                                    + ")",
                            e);
                }
            }
        }
        throw new AeadUnavailableException(
                "no AEAD provider is called \""
                        + wanted
                        + "\"; use one of "
                        + String.join(", ", names()));
    }

    /** The providers this machine can use, fastest first. */
    public static List<AeadProvider> available() {
        List<AeadProvider> available = new ArrayList<>();
        for (Candidate candidate : CANDIDATES) {
            try {
                available.add(candidate.load());
            } catch (AeadUnavailableException e) {
                // Not being available is the answer here; select(name) tells why.
            }
        }
        return List.copyOf(available);
    }

    private static AeadProvider fastest() {
        List<AeadUnavailableException> failures = new ArrayList<>();
        for (Candidate candidate : CANDIDATES) {
            try {
                return candidate.load();
            } catch (AeadUnavailableException e) {
                failures.add(e);
            }
        }
        throw new AeadUnavailableException(
                failures.stream()
                        .map(Throwable::getMessage)
                        .collect(Collectors.joining("; ", "no AEAD provider is available: ", "")));
    }

    private record Candidate(String name, Supplier<AeadProvider> loader) {
        AeadProvider load() {
            AeadProvider provider = loader.get();
            AeadSelfTest.run(provider);
            return provider;
        }
    }
}
