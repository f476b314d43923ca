package io.text2video.api;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;

/** What the library shows of the engine, and what it drags in. */
@AnalyzeClasses(packages = "io.text2video", importOptions = ImportOption.DoNotIncludeTests.class)
class ApiBordersTest {
    private static final String API = "io.text2video.api";

    @ArchTest
    static final ArchRule signaturesShouldHoldTypesOfJavaAndOfTheLibraryAlone = classes()
            .that()
            .resideInAPackage(API)
            .and()
            .arePublic()
            .should(new ArchCondition<>("show types of Java and of the library alone") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    List<JavaType> shown = new ArrayList<>(type.getInterfaces());
                    type.getSuperclass().ifPresent(shown::add);
                    type.getMembers().stream()
                            .filter(ApiBordersTest::isShown)
                            .map(ApiBordersTest::typesOf)
                            .forEach(shown::addAll);
                    shown.stream()
                            .flatMap(one -> one.getAllInvolvedRawTypes().stream())
                            .map(JavaClass::getBaseComponentType)
                            .filter(one -> !one.isPrimitive()
                                    && !one.getName().startsWith("java.")
                                    && !one.getPackageName().equals(API))
                            .forEach(one -> events.add(SimpleConditionEvent.violated(
                                    type, "%s shows %s".formatted(type.getName(), one.getName()))));
                }
            });

    @ArchTest
    static final ArchRule theLibraryShouldKnowTheEngineAlone = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..worker.app..",
                    "..worker.jobs..",
                    "..worker.queue..",
                    "..worker.control..",
                    "..worker.shelf..",
                    "..worker.watchdog..",
                    "io.text2video.common.job..",
                    "io.text2video.common.storage..",
                    "io.text2video.common.topic..",
                    "io.text2video.kafka..",
                    "io.quarkus..",
                    "jakarta..",
                    "org.apache.kafka..",
                    "ai.djl..");

    @ArchTest
    static final ArchRule nobodyShouldKnowTheLibrary = noClasses()
            .that()
            .resideOutsideOfPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(API);

    private static boolean isShown(JavaMember member) {
        return member.getModifiers().contains(PUBLIC) || member.getModifiers().contains(PROTECTED);
    }

    private static List<JavaType> typesOf(JavaMember member) {
        List<JavaType> types = new ArrayList<>();
        if (member instanceof JavaField field) {
            types.add(field.getType());
        }
        if (member instanceof JavaCodeUnit unit) {
            types.add(unit.getReturnType());
            types.addAll(unit.getParameterTypes());
            types.addAll(unit.getExceptionTypes());
        }
        return types;
    }
}
