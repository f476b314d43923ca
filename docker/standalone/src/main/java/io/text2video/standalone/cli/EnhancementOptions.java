package io.text2video.standalone.cli;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.app.ConfiguredModels;
import io.text2video.worker.prompt.PromptEnhancementException;
import io.text2video.worker.prompt.PromptEnhancer;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Option;

/** Whether a language model is to write the prompt out first. */
final class EnhancementOptions {
    @Option(
            names = "--enhance-prompt",
            description = "Have the language model that WORKER_ENHANCER_URL names, or the fleet's, write the prompt out"
                    + " first. Where that fails, the prompt is drawn as it is.")
    boolean wanted;

    @Option(names = "--enhance-prompt-required", description = "The same, but where that fails, nothing is drawn.")
    boolean required;

    /** Says so under the names that {@code POST /v1/videos} knows. */
    void addTo(Map<String, Object> request) {
        if (wanted) {
            request.put("enhance_prompt", true);
        }
        if (required) {
            request.put("enhance_prompt_required", true);
        }
    }

    /** @throws InvalidGenerationException when it is asked for, and there is no language model */
    void requireServed(boolean configured) {
        if ((wanted || required) && !configured) {
            throw new InvalidGenerationException("enhance_prompt", PromptEnhancer.MISSING);
        }
    }

    /**
     * What is drawn without a fleet.
     *
     * @throws InvalidGenerationException as {@link #requireServed} does
     * @throws PromptEnhancementException when the prompt has to be enhanced, and is not
     */
    String drawn(String prompt) throws PromptEnhancementException {
        if (!wanted && !required) {
            return prompt;
        }
        PromptEnhancer enhancer = ConfiguredModels.promptEnhancer()
                .orElseThrow(() -> new InvalidGenerationException("enhance_prompt", PromptEnhancer.MISSING));
        try {
            return enhancer.enhance(prompt, time -> LockSupport.parkNanos(time.toNanos()));
        } catch (PromptEnhancementException e) {
            if (required) {
                throw e;
            }
            ProgressDisplay.warn(e.getMessage() + "; it is drawn as it is");
            return prompt;
        }
    }
}
