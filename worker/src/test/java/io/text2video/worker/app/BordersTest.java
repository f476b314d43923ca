package io.text2video.worker.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the packages around the engine may know of each other. */
@AnalyzeClasses(packages = "io.text2video.worker", importOptions = ImportOption.DoNotIncludeTests.class)
class BordersTest {
    private static final String STORAGE = "io.text2video.common.storage..";

    @ArchTest
    static final ArchRule theQueueKnowsNeitherVideosNorTheStore = noClasses()
            .that()
            .resideInAPackage("..worker.queue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STORAGE, "..worker.pipeline..", "..worker.video..", "..worker.jobs..", "io.quarkus..");

    @ArchTest
    static final ArchRule videosKnowNothingOfTheFleet = noClasses()
            .that()
            .resideInAPackage("..worker.video..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.minio..", "io.text2video.common..", "io.quarkus..");

    @ArchTest
    static final ArchRule jobsKnowNothingOfQuarkus = noClasses()
            .that()
            .resideInAPackage("..worker.jobs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta.enterprise..", "..worker.app..");
}
