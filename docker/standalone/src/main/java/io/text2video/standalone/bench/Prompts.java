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
        return new GenerationParameters(
                number + " " + parameters.prompt(),
                number + " " + parameters.negativePrompt(),
                parameters.numInferenceSteps(),
                parameters.guidanceScale(),
                parameters.useDynamicCfg(),
                parameters.eta(),
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                parameters.fps(),
                parameters.seed(),
                parameters.loras(),
                parameters.image());
    }
}
