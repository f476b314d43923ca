package io.text2video.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the engine's packages may know of the rest. */
@AnalyzeClasses(packages = "io.text2video.worker", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] ENGINE = {
        "..worker.device..",
        "..worker.kernels..",
        "..worker.weights..",
        "..worker.lora..",
        "..worker.model..",
        "..worker.scheduler..",
        "..worker.config..",
        "..worker.tokenizer..",
        "..worker.pipeline..",
        "..worker.hub..",
        "..worker.info..",
        "..worker.plan..",
        "..worker.quality..",
        "..worker.quantization..",
        "..worker.quantizer..",
        "..worker.state.."
    };

    @ArchTest
    static final ArchRule engineShouldNotKnowTheFleet = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.minio..",
                    "io.quarkus..",
                    "jakarta..",
                    "io.text2video.common.job..",
                    "io.text2video.common.storage..",
                    "io.text2video.common.topic..");

    @ArchTest
    static final ArchRule onlyKernelsAndTokenizerShouldUseDjl = noClasses()
            .that()
            .resideOutsideOfPackages("..worker.kernels..", "..worker.tokenizer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..");

    @ArchTest
    static final ArchRule networksShouldNotKnowThePipeline = noClasses()
            .that()
            .resideInAnyPackage(
                    "..worker.kernels..",
                    "..worker.weights..",
                    "..worker.lora..",
                    "..worker.model..",
                    "..worker.scheduler..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..worker.pipeline..", "..worker.tokenizer..", "..worker.plan..", "..worker.state..");

    @ArchTest
    static final ArchRule statesShouldNotKnowThePipeline = noClasses()
            .that()
            .resideInAPackage("..worker.state..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..worker.pipeline..", "..worker.plan..", "..worker.config..", "..worker.lora..");

    @ArchTest
    static final ArchRule packagesShouldNotKnowEachOther =
            slices().matching("io.text2video.worker.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyShouldKnowTheQuantizer = noClasses()
            .that()
            .resideOutsideOfPackage("..worker.quantizer..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..worker.quantizer..");

    @ArchTest
    static final ArchRule networksShouldNotKnowLoras = noClasses()
            .that()
            .resideInAnyPackage("..worker.kernels..", "..worker.weights..", "..worker.model..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..worker.lora..");

    @ArchTest
    static final ArchRule kernelsShouldNotKnowNetworks = noClasses()
            .that()
            .resideInAPackage("..worker.kernels..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..worker.device..",
                    "..worker.model..",
                    "..worker.weights..",
                    "..worker.config..",
                    "..worker.scheduler..");
}
