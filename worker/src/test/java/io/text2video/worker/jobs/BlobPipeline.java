package io.text2video.worker.jobs;

import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationDefaults;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.InvalidGenerationException;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.video.BlobFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    public GenerationDefaults defaults() {
        return new GenerationDefaults(4, 6, 64, 64, 9, 8);
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
