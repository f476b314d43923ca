package io.text2video.worker.pipeline;

/**
 * A loaded text-to-video model. One generation at a time: an instance belongs to the thread that calls it.
 *
 * <p>Owns its weights' native memory until {@link #close()}.
 */
public interface VideoPipeline extends AutoCloseable {
    /** What the text limit cuts from a prompt. */
    Truncation truncation(String prompt);

    /**
     * Checks the parameters against this model without running it.
     *
     * @throws io.text2video.common.model.InvalidGenerationException naming the first parameter that cannot be served
     */
    void validate(GenerationParameters parameters);

    /**
     * Runs the whole generation: text encoding, denoising, decoding.
     *
     * @param listener told of each step
     * @param frames given each chunk of frames as soon as it is decoded
     * @throws io.text2video.common.model.InvalidGenerationException as {@link #validate} does
     */
    Generation generate(GenerationParameters parameters, StepListener listener, FrameSink frames);

    @Override
    void close();
}
