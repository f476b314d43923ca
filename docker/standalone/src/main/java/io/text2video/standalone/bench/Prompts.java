package io.text2video.standalone.bench;

import io.text2video.worker.pipeline.GenerationParameters;

/** The same work with other words: embeddings of a text that was seen before would come from the pipeline's memory. */
final class Prompts {
    private Prompts() {}

    /**
     * Numbers both prompts. The number stands first, as the model's limit cuts at the end; encoding takes as long, as
     * prompts are padded to that limit.
     */
    static GenerationParameters numbered(GenerationParameters parameters, int number) {
        return parameters.withPrompts(number + " " + parameters.prompt(), number + " " + parameters.negativePrompt());
    }
}
