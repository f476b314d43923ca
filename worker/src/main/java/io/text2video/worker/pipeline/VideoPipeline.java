package io.text2video.worker.pipeline;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelCost;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.state.Checkpoints;
import java.util.List;
import java.util.Optional;

/**
 * A loaded text-to-video model. One generation at a time; what else there is may be called by other threads meanwhile, but
 * {@link #close}.
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
     * How long generations take here, as far as that can be told before there was one: pieces of the networks are timed, now.
     * Nothing where that cannot be.
     */
    default Optional<ModelCost> cost() {
        return Optional.empty();
    }

    /**
     * What it draws with.
     *
     * @param loras that it knows
     * @return nothing where that cannot be told
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    default Optional<Provenance> provenance(List<LoraScale> loras) {
        return Optional.empty();
    }

    /**
     * Does ahead what a generation needs of its prompts alone, and keeps it for a while. May be called beside a generation:
     * it takes its share of the processors then, and does nothing where that one leaves it no memory.
     *
     * @param interruption asked before each kernel; what it throws ends the preparation, of which nothing is kept then
     * @throws io.text2video.common.model.InvalidGenerationException as {@link #validate} does
     */
    void prepare(GenerationParameters parameters, Interruption interruption);

    /**
     * Runs the whole generation: text encoding, denoising, decoding.
     *
     * @param checkpoints where it goes on from, and leaves what another one may go on from: to the same frames, byte by
     *     byte, as one that is run at once
     * @param interruption asked before each kernel; what it throws ends the generation, and frees all that is of it alone
     * @param listener told of each step, and at once of those that are done already
     * @param frames given each chunk of frames as soon as it is decoded
     * @throws io.text2video.common.model.InvalidGenerationException as {@link #validate} does
     * @throws NonFiniteOutputException when the video that comes of it shows nothing
     */
    Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            FrameSink frames);

    /**
     * The same, with a look at each step, as {@link LatentPreviewSink} has it; nothing where this model has none.
     *
     * @param previews shown what the latents of a step look like, as soon as its listener has been told
     */
    default Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            LatentPreviewSink previews,
            FrameSink frames) {
        return generate(parameters, checkpoints, interruption, listener, frames);
    }

    /** The same from its start to its end, and keeping nothing. */
    default Generation generate(GenerationParameters parameters, StepListener listener, FrameSink frames) {
        return generate(parameters, Checkpoints.NONE, Interruption.NONE, listener, frames);
    }

    @Override
    void close();
}
