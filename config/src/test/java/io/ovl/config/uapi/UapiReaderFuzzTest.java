package io.ovl.config.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.Mutations;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Damaged requests are read or refused, never anything else, and what is said about them holds no secret. */
class UapiReaderFuzzTest {
    private static final String SECRET =
            "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    private static final int REQUESTS = 100_000;

    private static final List<byte[]> GENUINE =
            List.of(
                    bytes(
                            """
                            private_key=%s
                            listen_port=12912
                            fwmark=0
                            replace_peers=true
                            public_key=b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33
                            preshared_key=%s
                            replace_allowed_ips=true
                            allowed_ip=192.168.4.4/32
                            endpoint=[abcd:23::33%%2]:51820
                            """
                                    .formatted(SECRET, SECRET)),
                    bytes(
                            """
                            public_key=58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376
                            update_only=true
                            allowed_ip=-192.168.4.6/32
                            allowed_ip=fd00::/64
                            persistent_keepalive_interval=111
                            endpoint=182.122.22.19:3233
                            public_key=662e14fd594556f522604703340351258903b64f35553763f19426ab2a515c58
                            remove=true
                            protocol_version=1

                            """),
                    bytes("\n"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadOrRefuseDamagedRequests(long seed) {
        Mutations mutations = new Mutations(GENUINE, seed);
        int readable = 0;
        for (int i = 0; i < REQUESTS; i++) {
            byte[] text = mutations.next();
            try {
                UapiReader.read(text, 0, text.length).wipe();
                readable++;
            } catch (UapiException e) {
                assertThat(e.errno()).isNegative();
                assertThat(String.valueOf(e.getMessage())).doesNotContain(SECRET.substring(8, 24));
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + ", request "
                                + i
                                + ":\n"
                                + new String(text, StandardCharsets.UTF_8),
                        e);
            }
        }
        assertThat(readable).as("readable requests").isBetween(REQUESTS / 100, REQUESTS * 99 / 100);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
