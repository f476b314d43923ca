package io.text2video.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.Executors;

@AnalyzeClasses(packages = "io.text2video.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class GatewayBordersTest {
    @ArchTest
    static final ArchRule shouldKnowNeitherWorkersNorTheirEngine = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.text2video.worker..", "io.text2video.embedded..", "ai.djl..", "kafka..");

    @ArchTest
    static final ArchRule shouldLeaveKafkaToTheOthers = noClasses()
            .that()
            .resideInAnyPackage("..gateway.api..", "..gateway.storage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.smallrye.reactive.messaging..");

    @ArchTest
    static final ArchRule shouldLeaveTheStoreToOnePackage = noClasses()
            .that()
            .resideOutsideOfPackages("..gateway.storage..", "..gateway.app..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("ObjectStore")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("io.minio..");

    @ArchTest
    static final ArchRule shouldServeHttpFromTheApiAlone = noClasses()
            .that()
            .resideOutsideOfPackage("..gateway.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    /** One that dies is seen by the health checks then. Downloads have a thread for each client, none of which lasts. */
    @ArchTest
    static final ArchRule shouldOwnThreadsThroughServiceThread = noClasses()
            .that()
            .doNotHaveSimpleName("Downloads")
            .should()
            .callConstructor(Thread.class, Runnable.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class, String.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Executors.class);

    @ArchTest
    static final ArchRule shouldHaveNoCyclesWithinAPackageEither =
            slices().matching("io.text2video.gateway.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule shouldHaveNoCycles =
            slices().matching("io.text2video.gateway.(*)..").should().beFreeOfCycles();
}
