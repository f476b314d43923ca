package io.text2video.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.text2video.common", importOptions = ImportOption.DoNotIncludeTests.class)
class CommonBordersTest {
    @ArchTest
    static final ArchRule shouldKnowNeitherQuarkusNorTheEngine = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "ai.djl..", "jakarta.inject..");

    @ArchTest
    static final ArchRule shouldKnowNothingThatStandsBesideTheContract = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.text2video.image..", "io.text2video.kafka..", "io.text2video.process..");

    @ArchTest
    static final ArchRule shouldHaveNoCycles =
            slices().matching("io.text2video.common.(*)..").should().beFreeOfCycles();
}
