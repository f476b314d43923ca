package io.text2video.standalone.cli;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How to draw a video: the same flags wherever something is drawn, named as in diffusers. */
final class GenerationOptions {
    /** The largest that a reader who keeps numbers as doubles reads exactly. */
    private static final long LARGEST_SEED = 1L << 53;

    @Option(names = "--negative-prompt", paramLabel = "TEXT", description = "What to steer away from.")
    String negativePrompt;

    @Option(
            names = {"--steps", "--num-inference-steps"},
            paramLabel = "N",
            description = "Denoising steps.")
    Integer steps;

    @Option(
            names = "--timesteps",
            paramLabel = "T",
            split = ",",
            description =
                    "The training timesteps that the steps start from, as 999,856,665,399, for models and LoRAs that"
                            + " were trained for a few. Default: the scheduler's, evenly spaced.")
    List<Integer> timesteps;

    @Option(
            names = "--dynamic-cfg",
            negatable = true,
            description = "Let guidance grow over the steps, as the models since 5b were published to be run.")
    Boolean dynamicCfg;

    @Option(
            names = "--eta",
            paramLabel = "E",
            description = "Taken as diffusers does, whose CogVideoX schedulers make no use of it.")
    Double eta;

    @Mixin
    Cost cost = new Cost();

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second.")
    Integer fps;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same video. Default: another each time.")
    Long seed;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "What the video starts from: a PNG, JPEG or WebP. For image-to-video models.")
    Path image;

    /** What it is made from where a command takes that from a video. */
    VideoFileOptions videos = new VideoFileOptions();

    @Option(
            names = "--lora",
            paramLabel = "LORA[:SCALE]",
            converter = LoraArgument.Converter.class,
            description = "Draw with a LoRA: a .safetensors file, or one that the fleet has by its name. Repeatable.")
    List<LoraArgument> loras = List.of();

    /** How large a video is. */
    static final class Size {
        @Option(names = "--height", paramLabel = "PIXELS", description = "A multiple of 16. Default: the model's.")
        Integer height;

        @Option(names = "--width", paramLabel = "PIXELS", description = "A multiple of 16. Default: the model's.")
        Integer width;

        @Option(
                names = {"--frames", "--num-frames"},
                paramLabel = "N",
                description = "Frames in all: 4k+1. Default: the model's.")
        Integer frames;
    }

    /** What the memory of a generation depends on. */
    static final class Cost {
        @Mixin
        Size size = new Size();

        @Option(
                names = "--guidance-scale",
                paramLabel = "G",
                description =
                        "Classifier-free guidance; 1 for none, which takes half the tensors. Default: the model's.")
        Double guidanceScale;

        @Option(
                names = "--cache-threshold",
                paramLabel = "X",
                description =
                        "0 to 1: use the transformer's last work again in steps that change by less. Faster, other"
                                + " pixels. Default: 0, every step is computed.")
        Double cacheThreshold;

        double cacheThreshold() {
            return orElse(cacheThreshold, 0.0);
        }
    }

    /** The LoRAs that were given as files, by the names that a request has for them. */
    Map<String, Path> loraFiles() {
        Map<String, Path> files = new LinkedHashMap<>();
        for (LoraArgument lora : LoraArgument.distinct(loras)) {
            lora.path().ifPresent(file -> files.put(lora.lora().id(), file));
        }
        return files;
    }

    private List<LoraScale> scales() {
        return LoraArgument.distinct(loras).stream().map(LoraArgument::lora).toList();
    }

    /**
     * The values that were given, under the names {@code POST /v1/videos} knows.
     *
     * @throws IOException when the image cannot be read
     */
    Map<String, Object> asRequest() throws IOException {
        Map<String, Object> request = new LinkedHashMap<>();
        put(request, "negative_prompt", negativePrompt);
        put(request, "num_inference_steps", steps);
        put(request, "timesteps", timesteps);
        put(request, "guidance_scale", cost.guidanceScale);
        put(request, "use_dynamic_cfg", dynamicCfg);
        put(request, "eta", eta);
        put(request, "cache_threshold", cost.cacheThreshold);
        put(request, "height", cost.size.height);
        put(request, "width", cost.size.width);
        put(request, "num_frames", cost.size.frames);
        put(request, "fps", fps);
        put(request, "seed", seed);
        if (!loras.isEmpty()) {
            request.put("loras", scales());
        }
        if (image != null) {
            request.put("input_reference", Map.of("image_url", ImageFile.dataUrl(image)));
        }
        return request;
    }

    /**
     * The values that were given, and for the others what the LoRAs' recipes say, and the model.
     *
     * @throws IOException when the image cannot be read
     */
    GenerationParameters resolve(String prompt, ModelDefaults defaults, Map<String, LoraRecipe> recipes)
            throws IOException {
        return GenerationParameters.of(
                prompt,
                parameters().with(recipes),
                defaults,
                ThreadLocalRandom.current().nextLong(LARGEST_SEED),
                image == null ? null : ImageFile.pixels(image));
    }

    /**
     * What is drawn, of a video where one is named.
     *
     * @throws InvalidGenerationException when the video does not go with the number of frames
     * @throws IOException naming a file that cannot be read
     */
    VideoStart.Drawn start(String prompt, ModelDescription model, Map<String, LoraRecipe> recipes) throws IOException {
        return videos.start(resolve(prompt, model.defaults(), recipes), cost.size.frames != null, model.limits());
    }

    private VideoParameters parameters() {
        return new VideoParameters(
                negativePrompt,
                steps,
                cost.guidanceScale,
                dynamicCfg,
                eta,
                cost.cacheThreshold,
                cost.size.height,
                cost.size.width,
                cost.size.frames,
                fps,
                seed,
                scales(),
                timesteps);
    }

    /**
     * Checks what no model could serve, as the fleet does when it is asked.
     *
     * @throws ParameterException naming the value and its limit
     */
    void requireValid(String prompt, CommandSpec spec) {
        try {
            JsonCodec.validate(
                    new VideoRequest(VideoRequest.VERSION, JobId.next(), null, prompt, parameters(), null, null, null));
        } catch (InvalidMessageException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage().replaceFirst("^parameters\\.", ""));
        }
    }

    /**
     * Checks the values against the model that is to draw them, before it is loaded.
     *
     * @param known names of the LoRAs that it may be drawn with
     * @throws InvalidGenerationException naming the value and what can be served
     */
    void requireServed(ModelDescription model, Set<String> known) {
        ModelDefaults defaults = model.defaults();
        videos.requireServed(model, image != null);
        model.limits().checkImage(image != null || videos.extended != null);
        model.limits()
                .check(
                        orElse(cost.size.height, defaults.height()),
                        orElse(cost.size.width, defaults.width()),
                        videos.leastFrames(cost.size.frames, model),
                        parameters().steps(defaults));
        model.limits().checkTimesteps(timesteps, parameters().steps(defaults));
        videos.requireStrength(parameters().steps(defaults));
        for (LoraScale lora : scales()) {
            String id = lora.id();
            if (!known.contains(id)) {
                throw new InvalidGenerationException(
                        "loras",
                        "--lora names %s, which the model does not have; %s"
                                .formatted(
                                        id,
                                        known.isEmpty()
                                                ? "it has none (--loras names their directory)"
                                                : "it has " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    /** Sets what was not given, where a command has defaults of its own. */
    void fillIn(int defaultSteps, int defaultFrames, int defaultHeight, int defaultWidth, long defaultSeed) {
        steps = orElse(steps, timesteps == null ? defaultSteps : timesteps.size());
        cost.size.frames = orElse(cost.size.frames, defaultFrames);
        cost.size.height = orElse(cost.size.height, defaultHeight);
        cost.size.width = orElse(cost.size.width, defaultWidth);
        seed = orElse(seed, defaultSeed);
    }

    private static void put(Map<String, Object> request, String name, Object value) {
        if (value != null) {
            request.put(name, value);
        }
    }

    private static <T> T orElse(T given, T fallback) {
        return given == null ? fallback : given;
    }
}
