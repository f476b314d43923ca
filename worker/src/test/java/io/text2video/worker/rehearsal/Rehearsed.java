package io.text2video.worker.rehearsal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that wants two rehearsed GPUs. Surefire runs these in a process of their own, which has loaded them. */
@Tag("rehearsed")
@ExtendWith(Rehearsed.WhereBuilt.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Rehearsed {
    final class WhereBuilt implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String library = System.getenv(RehearsedGpus.LIBRARY);
            return library != null && Files.exists(Path.of(library))
                    ? ConditionEvaluationResult.enabled("two GPUs are rehearsed by " + library)
                    : ConditionEvaluationResult.disabled("worker/src/test/native/build has built no rehearsed GPUs");
        }
    }
}
