package io.text2video.worker.pipeline;

/**
 * A loaded text-to-video model. One generation at a time: an instance belongs to the thread that calls it.
 *
 * <p>Owns its weights' native memory until {@link #close()}.
 */
public interface VideoPipeline extends AutoCloseable {
    /** The name requests know this model by. */
    String modelId();

    /** What to ask for where a request is silent. */
    GenerationDefaults defaults();

    /**
     * Checks the parameters against this model without running it.
     *
     * @throws InvalidGenerationException naming the first parameter that cannot be served
     */
    void validate(GenerationParameters parameters);

    /**
     * Runs the whole generation: text encoding, denoising, decoding.
     *
     * @throws InvalidGenerationException as {@link #validate} does
     */
    Generation generate(GenerationParameters parameters, StepListener listener);

    @Override
    void close();
}
