package io.text2video.standalone.cli;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.pipeline.GenerationParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

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

    @Option(names = "--guidance-scale", paramLabel = "G", description = "Classifier-free guidance; 1 for none.")
    Double guidanceScale;

    @Option(
            names = "--dynamic-cfg",
            negatable = true,
            description = "Let guidance grow over the steps, as the models since 5b were published to be run.")
    Boolean dynamicCfg;

    @Option(names = "--eta", paramLabel = "E", description = "Weight of the noise that DDIM adds at each step, 0 to 1.")
    Double eta;

    @Option(names = "--height", paramLabel = "PIXELS", description = "A multiple of 16.")
    Integer height;

    @Option(names = "--width", paramLabel = "PIXELS", description = "A multiple of 16.")
    Integer width;

    @Option(
            names = {"--frames", "--num-frames"},
            paramLabel = "N",
            description = "Frames in all: 4k+1.")
    Integer frames;

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second.")
    Integer fps;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same video. Default: another each time.")
    Long seed;

    @Option(
            names = "--lora",
            paramLabel = "ID[:SCALE]",
            converter = LoraOption.class,
            description = "Draw with this LoRA, as strongly as SCALE says. May be repeated. Default scale: 1.")
    List<LoraScale> loras = List.of();

    /** The values that were given, under the names {@code POST /v1/videos} knows. */
    Map<String, Object> asRequest() {
        Map<String, Object> request = new LinkedHashMap<>();
        put(request, "negative_prompt", negativePrompt);
        put(request, "num_inference_steps", steps);
        put(request, "guidance_scale", guidanceScale);
        put(request, "use_dynamic_cfg", dynamicCfg);
        put(request, "eta", eta);
        put(request, "height", height);
        put(request, "width", width);
        put(request, "num_frames", frames);
        put(request, "fps", fps);
        put(request, "seed", seed);
        put(
                request,
                "loras",
                loras.isEmpty()
                        ? null
                        : loras.stream()
                                .map(lora -> Map.of("id", lora.id(), "scale", lora.scale()))
                                .toList());
        return request;
    }

    /** The values that were given, and the model's own for the others. */
    GenerationParameters resolve(String prompt, ModelDefaults defaults) {
        return new GenerationParameters(
                prompt,
                orElse(negativePrompt, ""),
                orElse(steps, defaults.numInferenceSteps()),
                orElse(guidanceScale, defaults.guidanceScale()),
                orElse(dynamicCfg, defaults.useDynamicCfg()),
                orElse(eta, 0.0),
                orElse(height, defaults.height()),
                orElse(width, defaults.width()),
                orElse(frames, defaults.numFrames()),
                orElse(fps, defaults.fps()),
                orElse(seed, ThreadLocalRandom.current().nextLong(LARGEST_SEED)),
                loras,
                null);
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
