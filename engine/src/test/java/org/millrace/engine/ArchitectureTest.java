package org.millrace.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps the arrows between the modules, and what must not appear on the data path, as they were drawn. */
class ArchitectureTest {
    private static final String[] JAVA = {"java..", "javax.."};
    private static final String CONF = "org.millrace.conf..";
    private static final String CODEC = "org.millrace.codec..";
    private static final String ROUTING = "org.millrace.routing..";
    private static final String IO = "org.millrace.io..";
    private static final String ENGINE = "org.millrace.engine..";
    private static final String PERF = "org.millrace.perf..";
    private static final String AGRONA = "org.agrona..";

    /** Packages whose code runs for each request. */
    private static final String[] HOT = {CODEC, ROUTING, IO, "org.millrace.engine.client..",
        "org.millrace.engine.latency..", "org.millrace.engine.link..", "org.millrace.engine.message..",
        "org.millrace.engine.parse..",
        "org.millrace.engine.plan..", "org.millrace.engine.ring..", "org.millrace.engine.route..",
        "org.millrace.engine.protocol..", "org.millrace.engine.tap..", "org.millrace.engine.resp..",
        "org.millrace.engine.memcached..", "org.millrace.engine.traffic.."};

    private static JavaClasses millrace;

    @BeforeAll
    static void readClasses() {
        ImportOption noTestJars = location -> !location.contains("-tests.jar");
        millrace = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(noTestJars)
            .importPackages("org.millrace");
    }

    @Test
    void shouldSeeEveryModule() {
        for (String module : new String[] {"conf", "codec", "routing", "io", "engine"}) {
            assertTrue(millrace.stream().anyMatch(each -> each.getPackageName().startsWith("org.millrace." + module)),
                "no class of " + module + " was found: the rules would hold for nothing");
        }
    }

    @Test
    void shouldLetConfKnowYamlOnly() {
        mayKnowOnly(CONF, "org.yaml.snakeyaml..");
    }

    @Test
    void shouldLetCodecKnowBuffersOnly() {
        mayKnowOnly(CODEC, AGRONA);
    }

    @Test
    void shouldLetRoutingKnowConfOnly() {
        mayKnowOnly(ROUTING, CONF, AGRONA);
    }

    @Test
    void shouldLetIoKnowBuffersOnly() {
        // The foreign-function transport and the selector need nothing but the JDK.
        mayKnowOnly(IO, AGRONA, "jdk..");
    }

    @Test
    void shouldLetEngineKnowEverythingBelowIt() {
        mayKnowOnly(ENGINE, CONF, CODEC, ROUTING, IO, AGRONA, "com.lmax.disruptor..", "org.HdrHistogram..", "sun.misc",
            "com.sun.net.httpserver..", "com.sun.management..");
    }

    @Test
    void shouldLetNobodyKnowWhatStandsAbove() {
        noClasses().that().resideInAnyPackage(CONF, CODEC, ROUTING, IO)
            .should().dependOnClassesThat().resideInAnyPackage(ENGINE, PERF)
            .because("engine and perf stand above").check(millrace);
        noClasses().that().resideInAPackage(ENGINE).should().dependOnClassesThat().resideInAPackage(PERF)
            .because("the server jar holds no perf").check(millrace);
    }

    @Test
    void shouldLetTheEngineKnowNoProtocolButWhereItIsServed() {
        noClasses().that().resideInAPackage(ENGINE).and().resideOutsideOfPackage("org.millrace.engine.resp..")
            .should().dependOnClassesThat().resideInAPackage("org.millrace.codec.resp..")
            .because("the engine does not know which protocol it moves").check(millrace);
        noClasses().that().resideInAPackage(ENGINE).and().resideOutsideOfPackage("org.millrace.engine.memcached..")
            .should().dependOnClassesThat().resideInAPackage("org.millrace.codec.memcached..")
            .because("the engine does not know which protocol it moves").check(millrace);
    }

    @Test
    void shouldKeepSocketsOutOfCodecAndRouting() {
        noClasses().that().resideInAnyPackage(CODEC, ROUTING, "org.millrace.engine.parse..",
                "org.millrace.engine.plan..", "org.millrace.engine.ring..", "org.millrace.engine.route..")
            .should().dependOnClassesThat().resideInAPackage("java.nio.channels..")
            .because("sockets are behind org.millrace.io.Transport").check(millrace);
    }

    @Test
    void shouldNotLogOnTheDataPath() {
        noClasses().that().resideInAnyPackage(HOT)
            .should().dependOnClassesThat().resideInAnyPackage("java.util.logging..", "org.slf4j..")
            .orShould().dependOnClassesThat().areAssignableTo(System.Logger.class)
            .because("the data path counts; the control thread speaks").check(millrace);
    }

    @Test
    void shouldNotLockOnTheDataPath() {
        noClasses().that().resideInAnyPackage(HOT)
            .should().dependOnClassesThat(are("locks", each -> each.getPackageName().equals(
                "java.util.concurrent.locks") && !each.getSimpleName().equals("LockSupport")))
            .because("a lane shares nothing and waits for nobody").check(millrace);
        methods().that().areDeclaredInClassesThat().resideInAnyPackage(HOT)
            .should().notHaveModifier(JavaModifier.SYNCHRONIZED)
            .because("a lane shares nothing and waits for nobody").check(millrace);
    }

    @Test
    void shouldKeepTheBasePackageEmpty() {
        noClasses().should().resideInAPackage("org.millrace")
            .because("every class belongs to a module").check(millrace);
    }

    @Test
    void shouldKeepThePackagesOfEachModuleFreeOfCycles() {
        for (String module : new String[] {"codec", "engine", "io", "routing"}) {
            slices().matching("org.millrace." + module + ".(*)..").should().beFreeOfCycles()
                .because("a reader follows the pipeline one way").check(millrace);
        }
    }

    private static void mayKnowOnly(String from, String... known) {
        String[] allowed = Stream.of(new String[] {from}, JAVA, known).flatMap(Stream::of).toArray(String[]::new);
        classes().that().resideInAPackage(from).should().onlyDependOnClassesThat().resideInAnyPackage(allowed)
            .because("docs/ARCHITECTURE.md draws the arrows this way").check(millrace);
    }

    private static DescribedPredicate<JavaClass> are(String name, java.util.function.Predicate<JavaClass> test) {
        return describe(name, test);
    }
}
