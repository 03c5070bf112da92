package io.ovl.dataplane;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Who may use whom, as each package's description says. */
class LayeringTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.ovl");

    /** Where packets are carried, by one thread that never waits. */
    private static final String[] PACKET_PACKAGES = {
        "io.ovl.dataplane.buffer..",
        "io.ovl.dataplane.stats..",
        "io.ovl.dataplane.ip..",
        "io.ovl.dataplane.l2..",
        "io.ovl.dataplane.vxlan..",
        "io.ovl.dataplane.peer..",
        "io.ovl.dataplane.path.."
    };

    @Test
    void shouldSeeEveryModule() {
        assertThat(CLASSES)
                .extracting(JavaClass::getPackageName)
                .contains("io.ovl.crypto.noise", "io.ovl.config.ctl", "io.ovl.dataplane.daemon");
    }

    @ParameterizedTest
    @CsvSource({"crypto, crypto", "config, config crypto", "dataplane, dataplane config crypto"})
    void shouldImportModulesInOneDirection(String module, String allowed) {
        classes()
                .that()
                .resideInAPackage("io.ovl." + module + "..")
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("io.ovl.."))
                                .or(resideInAnyPackage(packages("io.ovl.", allowed))))
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "buffer, buffer",
        "stats, stats",
        "ip, ip buffer stats",
        "io, io buffer stats",
        "l2, l2 io ip buffer stats",
        "peer, peer io ip buffer stats",
        "vxlan, vxlan io ip l2 buffer stats",
        "path, path peer vxlan l2 io ip buffer stats",
        "control, control path peer vxlan l2 io ip buffer stats"
    })
    void shouldImportDataplanePackagesInOneDirection(String from, String allowed) {
        classes()
                .that()
                .resideInAPackage("io.ovl.dataplane." + from + "..")
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("io.ovl.dataplane.."))
                                .or(resideInAnyPackage(packages("io.ovl.dataplane.", allowed))))
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "crypto.key, crypto.key",
        "crypto.message, crypto.message",
        "crypto.aead, crypto.aead crypto.key",
        "crypto.cookie, crypto.cookie crypto.key crypto.message",
        "crypto.noise, crypto.noise crypto.key crypto.message crypto.cookie crypto.aead",
        "config.model, config.model crypto.key",
        "config.parse, config.parse config.model crypto.key",
        "config.uapi, config.uapi config.model crypto.key",
        "config.ctl, config.ctl config.model config.parse config.uapi crypto.key"
    })
    void shouldImportPackagesOfLowerModulesInOneDirection(String from, String allowed) {
        classes()
                .that()
                .resideInAPackage("io.ovl." + from + "..")
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("io.ovl.."))
                                .or(resideInAnyPackage(packages("io.ovl.", allowed))))
                .check(CLASSES);
    }

    private static String[] packages(String prefix, String names) {
        return Arrays.stream(names.split(" "))
                .map(name -> prefix + name + "..")
                .toArray(String[]::new);
    }

    @Test
    void shouldConstructWhatIsLinuxInDaemonOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.ovl.dataplane.daemon..", "io.ovl.dataplane.io..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "io\\.ovl\\.dataplane\\.io\\.(Linux|System|Secure|Epoll|LibC|Netlink).*")
                .because("tests run everything else without a kernel")
                .check(CLASSES);
    }

    @Test
    void shouldKeepNettyOutOfPacketPathsAndCommands() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.ovl.dataplane.io..",
                        "io.ovl.dataplane.control..",
                        "io.ovl.dataplane.daemon..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("a command must start fast, and packets need no event loop")
                .check(CLASSES);
    }

    @Test
    void shouldKeepNetworkAndThreadsOutOfCrypto() {
        noClasses()
                .that()
                .resideInAPackage("io.ovl.crypto..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(CLASSES);
    }

    @Test
    void shouldNotWaitNorStartThreadsWherePacketsAreCarried() {
        noClasses()
                .that()
                .resideInAnyPackage(PACKET_PACKAGES)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executor.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.util.concurrent.locks..")
                .check(CLASSES);
    }

    @Test
    void shouldReadClocksInOnePlace() {
        noClasses()
                .that()
                .resideInAnyPackage("io.ovl.dataplane..", "io.ovl.crypto..")
                .and()
                .resideOutsideOfPackages("io.ovl.dataplane.io..", "io.ovl.dataplane.daemon..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class)
                .because("a simulation has a clock of its own")
                .check(CLASSES);
    }

    @Test
    void shouldTakeRandomnessFromItsSourceOnly() {
        noClasses()
                .that()
                .resideInAnyPackage("io.ovl.crypto..", "io.ovl.dataplane..", "io.ovl.config..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Random.class,
                        SplittableRandom.class,
                        ThreadLocalRandom.class,
                        RandomGenerator.class)
                .orShould()
                .callMethod(Math.class, "random")
                .because("what can be predicted must not become a key, a nonce or an index")
                .check(CLASSES);
    }

    @Test
    void shouldCompareNoBytesInVariableTimeWhereKeysAre() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.ovl.crypto..", "io.ovl.dataplane.control..", "io.ovl.dataplane.path..")
                .and()
                // Its key and plaintext are those of RFC 8439.
                .doNotHaveSimpleName("AeadSelfTest")
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .orShould()
                .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class)
                .orShould()
                .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
                .orShould()
                .callMethod(ByteBuffer.class, "equals", Object.class)
                .orShould()
                .callMethod(ByteBuffer.class, "mismatch", ByteBuffer.class)
                .orShould()
                .callMethod(MemorySegment.class, "mismatch", MemorySegment.class)
                .check(CLASSES);
    }

    @Test
    void shouldSerializeNothing() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .because("what comes from outside is parsed, never revived")
                .check(CLASSES);
    }
}
