package io.text2video.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.text2video", importOptions = ImportOption.DoNotIncludeTests.class)
class StandaloneBordersTest {
    @ArchTest
    static final ArchRule shouldKeepTheEmbeddedServicesOutOfProduction = noClasses()
            .that()
            .resideInAnyPackage("io.text2video.gateway..", "io.text2video.worker..", "io.text2video.common..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.text2video.embedded..", "io.text2video.standalone..", "org.gaul..", "kafka..");

    @ArchTest
    static final ArchRule shouldKeepGatewayAndWorkerApart = noClasses()
            .that()
            .resideInAPackage("io.text2video.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.text2video.worker..", "ai.djl..");

    @ArchTest
    static final ArchRule shouldSpeakToTheFleetOverHttpOnly = noClasses()
            .that()
            .resideInAPackage("io.text2video.standalone.client..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.text2video.gateway..", "io.text2video.worker..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule shouldHaveNoCyclesInTheCommandLine =
            slices().matching("io.text2video.standalone.(*)..").should().beFreeOfCycles();
}
