package io.text2video.worker.jobs;

import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.PipelineLoader;
import io.text2video.worker.shelf.ServedModel;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** A tiny model, and what it did last. */
final class RecordedPipeline implements VideoPipeline {
    private final CogVideoXPipeline pipeline;
    private final Path checkpoint;
    final List<Integer> steps = new ArrayList<>();
    GenerationParameters parameters;
    Generation generation;
    String frames;
    IntConsumer atStep = step -> {};

    /** Those that were run where the generation can be interrupted, in their order. */
    final List<String> kernels = new ArrayList<>();

    /** Before each of them. */
    Consumer<String> atKernel = kernel -> {};

    Runnable amidFrames = () -> {};

    RecordedPipeline() throws IOException {
        this(Reference.TINY_CHECKPOINT);
    }

    RecordedPipeline(Path checkpoint) throws IOException {
        this.checkpoint = checkpoint;
        pipeline = CogVideoXPipeline.load(checkpoint);
    }

    /** Serves it alone, as {@code tiny}. */
    ModelShelf shelf() throws IOException {
        ModelDescription description = ModelDescription.check(checkpoint, PipelineOptions.DEFAULT);
        var model = new ServedModel("tiny", checkpoint, description, Map.of());
        return new ModelShelf(List.of(model), 1, new Loader(this, description));
    }

    /** SHA-256 of the frames of the same video, drawn at once. */
    String drawnAtOnce(GenerationParameters call) {
        MessageDigest digest = sha256();
        pipeline.generate(call, StepListener.NONE, chunk -> digest.update(chunk.rgb()));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public Generation generate(
            GenerationParameters call,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            FrameSink sink) {
        parameters = call;
        steps.clear();
        kernels.clear();
        MessageDigest digest = sha256();
        generation = pipeline.generate(
                call,
                checkpoints,
                kernel -> {
                    atKernel.accept(kernel);
                    interruption.check(kernel);
                    kernels.add(kernel);
                },
                (step, all) -> {
                    steps.add(step);
                    atStep.accept(step);
                    listener.onStep(step, all);
                },
                chunk -> {
                    digest.update(chunk.rgb());
                    sink.accept(chunk);
                    amidFrames.run();
                });
        frames = HexFormat.of().formatHex(digest.digest());
        return generation;
    }

    @Override
    public Truncation truncation(String prompt) {
        return pipeline.truncation(prompt);
    }

    @Override
    public void validate(GenerationParameters call) {
        pipeline.validate(call);
    }

    @Override
    public void prepare(GenerationParameters call, Interruption interruption) {
        pipeline.prepare(call, interruption);
    }

    @Override
    public void close() {
        pipeline.close();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Loader(VideoPipeline pipeline, ModelDescription description) implements PipelineLoader {
        @Override
        public ModelDescription check(Path directory) {
            return description;
        }

        @Override
        public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) {
            return pipeline;
        }
    }
}
