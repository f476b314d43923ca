package io.text2video.worker.jobs;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.video.BlobFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** Draws a moving ball whatever it is asked for; does what a test wants at each step and at the end. */
public final class BlobPipeline implements VideoPipeline {
    final List<GenerationParameters> generated = new ArrayList<>();
    IntConsumer atStep = step -> {};
    Runnable atEnd = () -> {};

    @Override
    public String modelId() {
        return "blob";
    }

    @Override
    public ModelDefaults defaults() {
        return new ModelDefaults(4, 6, false, 64, 64, 9, 8);
    }

    @Override
    public String pipelineClass() {
        return "CogVideoXPipeline";
    }

    @Override
    public ModelLimits limits() {
        return new ModelLimits(16, 16, 256, 16, 256, 4, 49, 1000, false);
    }

    @Override
    public Set<String> loras() {
        return Set.of();
    }

    @Override
    public Truncation truncation(String prompt) {
        return Truncation.NONE;
    }

    @Override
    public void validate(GenerationParameters parameters) {
        if (parameters.height() % 16 != 0) {
            throw new InvalidGenerationException("height", "height must be a multiple of 16");
        }
    }

    @Override
    public Generation generate(GenerationParameters parameters, StepListener listener) {
        validate(parameters);
        generated.add(parameters);
        for (int step = 1; step <= parameters.numInferenceSteps(); step++) {
            atStep.accept(step);
            listener.onStep(step, parameters.numInferenceSteps());
        }
        atEnd.run();
        return new Generation(
                BlobFrames.draw(parameters.numFrames(), parameters.height(), parameters.width()),
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofMillis(3));
    }

    @Override
    public void close() {}
}
