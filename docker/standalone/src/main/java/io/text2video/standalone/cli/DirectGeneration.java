package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.model.LoraRecipe;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.recipe.VideoRecipe;
import io.text2video.worker.video.EncodedVideo;
import io.text2video.worker.video.VideoEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The pipeline alone, in this process: no broker, no store, no gateway. */
final class DirectGeneration {
    private final ModelOptions model;
    private final StageDisplay stages;

    DirectGeneration(ModelOptions model, StageDisplay stages) {
        this.model = model;
        this.stages = stages;
    }

    /**
     * What is to be drawn.
     *
     * @param prompt that was asked for
     * @param drawn in its place
     * @param embedRecipe whether the file is to tell how it was drawn; one that goes on with another video, is made from one or
     *     drawn along one never does
     */
    record Wanted(String prompt, String drawn, GenerationOptions options, boolean embedRecipe) {}

    int run(Wanted wanted, Path output, Report report) throws IOException {
        GenerationOptions options = wanted.options();
        ModelLocation location = model.location();
        stages.stage("model");
        Map<String, LoraRecipe> recipes = model.recipes(location, options);
        try (var pipeline = model.load(location, options)) {
            if (options.videos.isGiven()) {
                stages.stage("video");
            }
            VideoStart.Drawn drawn = options.start(wanted.drawn(), pipeline.description(), recipes);
            GenerationParameters parameters = drawn.parameters();
            stages.stage("prompt");
            try (var encoder = new VideoEncoder(parameters.fps(), recipe(location.id(), wanted, drawn, pipeline))) {
                Generation generation = pipeline.generate(
                        parameters,
                        (step, steps) -> stages.show("steps", step, steps, " steps"),
                        decoding(parameters.numFrames(), drawn.into(encoder)));
                stages.stage("encode");
                try (var encoded = encoder.finish()) {
                    Files.copy(encoded.mp4(), output, StandardCopyOption.REPLACE_EXISTING);
                    stages.finish();
                    report.finished(
                            describe(
                                    location.id(),
                                    wanted.prompt(),
                                    parameters,
                                    pipeline.truncation(wanted.drawn()),
                                    generation,
                                    encoded),
                            output);
                }
            }
        }
        return 0;
    }

    private static Optional<String> recipe(
            String model, Wanted wanted, VideoStart.Drawn drawn, VideoPipeline pipeline) {
        return wanted.embedRecipe() && !drawn.isFromVideo()
                ? VideoRecipe.json(model, wanted.prompt(), drawn.parameters(), pipeline)
                : Optional.empty();
    }

    private FrameSink decoding(int all, FrameSink sink) {
        var decoded = new AtomicInteger();
        return chunk -> {
            sink.accept(chunk);
            stages.show("decode", decoded.addAndGet(chunk.count()), all, " frames");
        };
    }

    /** As much of the gateway's Video object as there is without a gateway. */
    private static ObjectNode describe(
            String model,
            String prompt,
            GenerationParameters parameters,
            Truncation truncation,
            Generation generation,
            EncodedVideo encoded) {
        ObjectNode video = new ObjectMapper().createObjectNode();
        video.put("model", model)
                .put("prompt", prompt)
                .put("negative_prompt", parameters.negativePrompt())
                .put("size", parameters.width() + "x" + parameters.height())
                .put("num_frames", encoded.frames())
                .put("fps", parameters.fps())
                .put("num_inference_steps", parameters.numInferenceSteps())
                .put("guidance_scale", parameters.guidanceScale())
                .put("seed", parameters.seed());
        if (!parameters.prompt().equals(prompt)) {
            video.put("enhanced_prompt", parameters.prompt());
        }
        if (truncation.tokens() > 0) {
            video.put("truncated_tokens", truncation.tokens()).put("truncated_text", truncation.text());
        }
        if (!parameters.timesteps().isEmpty()) {
            video.putPOJO("timesteps", parameters.timesteps());
        }
        if (parameters.video() != null) {
            video.put("strength", parameters.video().strength());
        }
        if (parameters.cacheThreshold() > 0) {
            video.put("cache_threshold", parameters.cacheThreshold()).put("reused_steps", generation.reusedSteps());
        }
        video.putObject("timings")
                .put("text_encoding", seconds(generation.textEncoding()))
                .put("denoising", seconds(generation.denoising()))
                .put("decoding", seconds(generation.decoding()))
                .put("video_encoding", seconds(encoded.encoding()));
        return video;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
