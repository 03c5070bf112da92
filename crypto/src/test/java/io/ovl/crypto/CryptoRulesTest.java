package io.ovl.crypto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** What no code of this module may do, because a test of its behaviour could not tell. */
class CryptoRulesTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.ovl.crypto");

    @Test
    void shouldCompareInConstantTimeOnly() {
        noClasses()
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .orShould()
                .callMethod(
                        Arrays.class,
                        "equals",
                        byte[].class,
                        int.class,
                        int.class,
                        byte[].class,
                        int.class,
                        int.class)
                .orShould()
                .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class)
                .orShould()
                .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
                .orShould()
                .callMethod(ByteBuffer.class, "equals", Object.class)
                .orShould()
                .callMethod(ByteBuffer.class, "mismatch", ByteBuffer.class)
                .because(
                        "how long a comparison takes must not tell an attacker how much of a guess"
                                + " was right")
                .check(CLASSES);
    }

    @Test
    void shouldTakeRandomnessFromCallerOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class)
                .because("keys, nonces and indices come from the RandomSource handed in")
                .check(CLASSES);
    }

    @Test
    void shouldReadNoClock() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class)
                .because(
                        "time comes in as nowNs: a session must not notice a change of the wall"
                                + " clock")
                .check(CLASSES);
    }

    @Test
    void shouldKeepDirectionOfImports() {
        noClasses()
                .that()
                .resideInAPackage("io.ovl.crypto.key..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.ovl.crypto.aead..",
                        "io.ovl.crypto.message..",
                        "io.ovl.crypto.noise..",
                        "io.ovl.crypto.cookie..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.ovl.crypto.cookie..", "io.ovl.crypto.message..", "io.ovl.crypto.aead..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.ovl.crypto.noise..")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.channels..")
                .check(CLASSES);
    }
}
