package io.text2video.worker.pipeline;

import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names computations, as {@link Checkpoints} wants them. What a name is made of: the checkpoint's files; how they are
 * loaded; kernels, torch, threads and CPU; the parameters but for {@code fps} and {@code eta}, with LoRAs and image; and of the
 * rung what rounds otherwise. A model that lies elsewhere is the same. For one thread.
 */
final class Computation {
    /** Raised when the Java side of the engine comes to other bits than before. */
    private static final int ENGINE = 1;

    private static final int DIGITS = 16;
    private static final List<String> PARTS =
            List.of("model_index.json", "tokenizer", "text_encoder", "transformer", "vae", "scheduler");

    private final Path modelDirectory;
    private final ComputeType computeType;
    private final Quantization quantization;
    private final String arithmetic;
    private String model;

    /**
     * @param quantization of the weights as they are loaded
     * @param arithmetic as {@link io.text2video.worker.kernels.Kernels#arithmetic} says
     */
    Computation(Path modelDirectory, ComputeType computeType, Quantization quantization, String arithmetic) {
        this.modelDirectory = modelDirectory;
        this.computeType = computeType;
        this.quantization = quantization;
        this.arithmetic = arithmetic;
    }

    /**
     * The name of a generation.
     *
     * @param loras each LoRA's weights and scale, as text
     */
    String of(GenerationParameters parameters, List<String> loras, Rung rung) {
        RgbImage image = parameters.image();
        Canonical text = new Canonical()
                .add("engine", ENGINE)
                .add("arithmetic", arithmetic)
                .add("model", model())
                .add("dtype", computeType)
                .add("quantization", quantization)
                .add("prompt", parameters.prompt())
                .add("negative_prompt", parameters.negativePrompt())
                .add("steps", parameters.numInferenceSteps())
                .add("guidance_scale", parameters.guidanceScale())
                .add("use_dynamic_cfg", parameters.useDynamicCfg())
                .add("cache_threshold", parameters.cacheThreshold())
                .add("height", parameters.height())
                .add("width", parameters.width())
                .add("num_frames", parameters.numFrames())
                .add("seed", parameters.seed())
                .add("loras", loras)
                // Slices of a product are rounded otherwise than the whole; tiles, than the image encoded as one.
                .add("feed_forward_slices", rung.has(Saving.FEED_FORWARD_SLICES))
                .add("image_tiles", image != null && rung.has(Saving.VAE_TILES))
                .add(
                        "image",
                        image == null ? "none" : image.height() + "x" + image.width() + " " + Digests.hex(image.rgb()));
        return text.digest().substring(0, DIGITS);
    }

    /** Looked at once, when it is first asked for. */
    private String model() {
        if (model == null) {
            Canonical text = new Canonical();
            for (String part : PARTS) {
                for (Path file : files(modelDirectory.resolve(part))) {
                    try {
                        text.add(modelDirectory.relativize(file).toString(), Digests.sample(file));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            model = text.digest();
        }
        return model;
    }

    private static List<Path> files(Path part) {
        try (Stream<Path> files = Files.walk(part, 1, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys and values, told apart whatever they contain. */
    private static final class Canonical {
        private final StringBuilder text = new StringBuilder();

        Canonical add(String key, Object value) {
            String said = value.toString();
            text.append(key)
                    .append(' ')
                    .append(said.length())
                    .append('=')
                    .append(said)
                    .append('\n');
            return this;
        }

        String digest() {
            return Digests.hex(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
