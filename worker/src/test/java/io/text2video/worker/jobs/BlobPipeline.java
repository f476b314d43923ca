package io.text2video.worker.jobs;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.Provenance;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.video.BlobFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/** Draws a moving ball whatever it is asked for; does what a test wants at each step and at the end. */
public final class BlobPipeline implements VideoPipeline {
    /** Of a model that draws from a prompt alone. */
    public static final ModelDescription FROM_PROMPT = describe("CogVideoXPipeline");

    /** Of a model that draws from a prompt and an image. */
    public static final ModelDescription FROM_IMAGE = describe("CogVideoXImageToVideoPipeline");

    static final ModelDescription ALONG_A_VIDEO = describe("CogVideoXFunControlPipeline");

    final List<GenerationParameters> generated = new ArrayList<>();
    final List<GenerationParameters> prepared = new CopyOnWriteArrayList<>();
    IntConsumer atStep = step -> {};
    Runnable atEnd = () -> {};
    Runnable amidFrames = () -> {};

    /** When all frames have come: that the end is near was told by then, on however slow a machine. */
    Runnable afterFrames = () -> {};

    Runnable atPreparation = () -> {};
    int reusedSteps;
    Optional<ModelCost> cost = Optional.empty();
    private final ModelDescription description;
    private final Set<String> loras;
    private final Runnable atClose;

    public BlobPipeline() {
        this(FROM_PROMPT, Set.of());
    }

    public BlobPipeline(ModelDescription description, Set<String> loras) {
        this(description, loras, () -> {});
    }

    public BlobPipeline(ModelDescription description, Set<String> loras, Runnable atClose) {
        this.description = description;
        this.loras = Set.copyOf(loras);
        this.atClose = atClose;
    }

    private static ModelDescription describe(String pipeline) {
        boolean image = pipeline.equals("CogVideoXImageToVideoPipeline");
        boolean control = pipeline.equals("CogVideoXFunControlPipeline");
        return new ModelDescription(
                pipeline,
                new ModelDefaults(4, 6, false, 64, 64, 9, 8),
                new ModelLimits(16, 16, 256, 16, 256, 16_384, 4, 33, 1000, image, null, 60, control));
    }

    @Override
    public Truncation truncation(String prompt) {
        return Truncation.NONE;
    }

    @Override
    public void validate(GenerationParameters parameters) {
        description.limits().checkImage(parameters.image() != null);
        for (LoraScale lora : parameters.loras()) {
            if (!loras.contains(lora.id())) {
                throw new InvalidGenerationException("loras", "there is no LoRA " + lora.id());
            }
        }
    }

    @Override
    public Optional<ModelCost> cost() {
        return cost;
    }

    @Override
    public Optional<Provenance> provenance(List<LoraScale> named) {
        return Optional.of(new Provenance("blob", Map.of(), Map.of()));
    }

    @Override
    public void prepare(GenerationParameters parameters, Interruption interruption) {
        validate(parameters);
        prepared.add(parameters);
        atPreparation.run();
    }

    @Override
    public Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            FrameSink frames) {
        validate(parameters);
        generated.add(parameters);
        for (int step = 1; step <= parameters.numInferenceSteps(); step++) {
            atStep.accept(step);
            listener.onStep(step, parameters.numInferenceSteps());
        }
        atEnd.run();
        // In two chunks, as a model hands them on.
        frames.accept(BlobFrames.draw(1, parameters.height(), parameters.width()));
        amidFrames.run();
        frames.accept(BlobFrames.draw(parameters.numFrames() - 1, parameters.height(), parameters.width()));
        afterFrames.run();
        return new Generation(
                parameters.numFrames(), Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3), reusedSteps);
    }

    @Override
    public void close() {
        atClose.run();
    }
}
