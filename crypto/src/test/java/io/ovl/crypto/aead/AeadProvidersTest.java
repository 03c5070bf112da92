package io.ovl.crypto.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeadProvidersTest {
    @Test
    void shouldListProvidersFastestFirst() {
        assertThat(AeadProviders.names()).containsExactly("ipsec-mb", "openssl", "jdk");
    }

    @Test
    void shouldSelectTheFirstAvailableWhenNoneIsWanted() {
        String fastest = AeadProviders.available().getFirst().name();
        assertThat(AeadProviders.select(null).name()).isEqualTo(fastest);
        assertThat(AeadProviders.select("").name()).isEqualTo(fastest);
    }

    @Test
    void shouldAlwaysOfferTheJdk() {
        assertThat(AeadProviders.available()).extracting(AeadProvider::name).contains("jdk");
        assertThat(AeadProviders.select("jdk").name()).isEqualTo("jdk");
    }

    @Test
    void shouldNameTheProvidersWhenTheWantedOneIsUnknown() {
        assertThatThrownBy(() -> AeadProviders.select("IPsec-MB"))
                .isInstanceOf(AeadUnavailableException.class)
                .hasMessage(
                        "no AEAD provider is called \"IPsec-MB\"; use one of ipsec-mb, openssl,"
                                + " jdk");
    }

    @Test
    void shouldSayWhichLibraryCannotBeLoaded() {
        assertThatThrownBy(() -> NativeLibrary.open("libovl-none.so.1", "libovl-none.so.2"))
                .isInstanceOf(AeadUnavailableException.class)
                .hasMessage("cannot load libovl-none.so.1 or libovl-none.so.2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x010300, 0x010400, 0x010500, 0x0105ff, 0x020000, 0x020001})
    void shouldAcceptIpsecMbVersionsOfKnownLayout(int version) {
        assertThatCode(() -> IpsecMbLibrary.requireKnown("library", version))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x010200, 0x010600, 0x020100, 0x030000, -1})
    void shouldRefuseIpsecMbVersionsOfUnknownLayout(int version) {
        assertThatThrownBy(() -> IpsecMbLibrary.requireKnown("library", version))
                .isInstanceOf(AeadUnavailableException.class)
                .hasMessageContaining("structures are known for");
    }

    @Test
    void shouldFailTheSelfTestOfAProviderThatSealsWrongly() {
        assertThatThrownBy(() -> AeadSelfTest.run(new FaultyProvider(true, false)))
                .isInstanceOf(AeadUnavailableException.class)
                .hasMessage("wrong result for a message of 0 bytes");
    }

    @Test
    void shouldFailTheSelfTestOfAProviderThatAcceptsForgeries() {
        assertThatThrownBy(() -> AeadSelfTest.run(new FaultyProvider(false, true)))
                .isInstanceOf(AeadUnavailableException.class);
    }

    /** The JDK's arithmetic with a fault. */
    private record FaultyProvider(boolean sealsWrongly, boolean acceptsForgeries)
            implements AeadProvider {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Aead newAead() {
            Aead correct = new JdkAeadProvider().newAead();
            return new Aead() {
                @Override
                public void seal(
                        AeadKey key, long counter, long source, int length, long destination) {
                    correct.seal(
                            key, sealsWrongly ? ~counter : counter, source, length, destination);
                }

                @Override
                public boolean open(
                        AeadKey key, long counter, long source, int length, long destination) {
                    return correct.open(key, counter, source, length, destination)
                            || acceptsForgeries;
                }

                @Override
                public void forgetKeys() {
                    correct.forgetKeys();
                }

                @Override
                public void close() {
                    correct.close();
                }
            };
        }
    }
}
