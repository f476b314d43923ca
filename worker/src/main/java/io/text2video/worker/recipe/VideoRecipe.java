package io.text2video.worker.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.Provenance;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InvalidVideoException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a video was drawn, as JSON in the tag {@code comment} of its file. That tag is kept when a file is put into another
 * container, encoded again or cut.
 *
 * @param text2video version of this form
 * @param engine the release that drew it
 * @param model its id
 * @param weights of the model, a SHA-256 in hex of its files' headers and of samples of their values
 * @param prompt that was asked for
 * @param enhancedPrompt that was drawn in its place; null where it was drawn as it is
 * @param parameters with no value left open
 * @param loraWeights by the LoRA's id, as {@code weights}
 * @param image that it starts from, its size and a SHA-256 in hex of its pixels; null for none
 * @param computation by their names, what else decides the last bits
 */
public record VideoRecipe(
        @Min(1) int text2video,
        @NotNull String engine,
        @NotNull String model,
        @NotNull String weights,
        @NotNull @Size(max = VideoParameters.MAX_PROMPT) String prompt,
        @Size(max = VideoParameters.MAX_PROMPT) String enhancedPrompt,
        @NotNull @Valid VideoParameters parameters,
        @NotNull Map<String, String> loraWeights,
        String image,
        @NotNull Map<String, String> computation) {
    private static final int VERSION = 1;
    /** What every recipe begins with, and hardly another comment. */
    private static final String START = "{\"text2video\":";

    /**
     * Of a video that is drawn now.
     *
     * @param prompt that was asked for
     * @param drawn with the prompt that is drawn
     */
    public static VideoRecipe of(String model, String prompt, GenerationParameters drawn, Provenance provenance) {
        return new VideoRecipe(
                VERSION,
                EngineVersion.current(),
                model,
                provenance.weights(),
                prompt,
                drawn.prompt().equals(prompt) ? null : drawn.prompt(),
                drawn.inRequestWords(VideoParameters.DEFAULTS),
                provenance.loras(),
                drawn.image() == null ? null : drawn.image().digest(),
                provenance.computation());
    }

    /**
     * The same as a file keeps it.
     *
     * @param pipeline that draws it
     * @return nothing where that cannot tell what it draws with
     */
    public static Optional<String> json(
            String model, String prompt, GenerationParameters drawn, VideoPipeline pipeline) {
        return pipeline.provenance(drawn.loras())
                .map(provenance -> of(model, prompt, drawn, provenance).toJson());
    }

    /**
     * The one in a file, whatever container it is in.
     *
     * @return nothing where there is none
     * @throws InvalidVideoException when the file is no video, or its recipe is not whole
     * @throws IOException when there is no such file
     */
    public static Optional<VideoRecipe> read(Path file) throws IOException, InvalidVideoException {
        Optional<String> comment = InputVideo.comment(file).filter(text -> text.startsWith(START));
        try {
            return comment.isEmpty()
                    ? Optional.empty()
                    : Optional.of(JsonCodec.read(comment.get().getBytes(UTF_8), VideoRecipe.class));
        } catch (InvalidMessageException e) {
            throw new InvalidVideoException("the recipe in its tag comment cannot be read: " + e.getMessage());
        }
    }

    /** As it is kept in a file. */
    public String toJson() {
        return new String(JsonCodec.write(this), UTF_8);
    }

    /** The prompt that was drawn. */
    public String drawnPrompt() {
        return Objects.requireNonNullElse(enhancedPrompt, prompt);
    }

    /** In what another video was drawn otherwise, a line each; empty where nothing is known that was. */
    public List<String> differences(VideoRecipe other) {
        List<String> differences = new ArrayList<>();
        differ(differences, "engine", engine, other.engine);
        differ(differences, "model", model, other.model);
        differ(differences, "weights", weights, other.weights);
        differ(differences, "prompt", drawnPrompt(), other.drawnPrompt());
        differ(differences, "", byName(parameters), byName(other.parameters));
        differ(differences, "image", image, other.image);
        differ(differences, "LoRA ", loraWeights, other.loraWeights);
        differ(differences, "", computation, other.computation);
        return differences;
    }

    private static Map<String, String> byName(VideoParameters parameters) {
        Map<String, String> named = new TreeMap<>();
        try {
            new ObjectMapper()
                    .readTree(JsonCodec.write(parameters))
                    .fields()
                    .forEachRemaining(
                            field -> named.put(field.getKey(), field.getValue().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return named;
    }

    private static void differ(
            List<String> differences, String prefix, Map<String, String> was, Map<String, String> is) {
        var names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        names.forEach(name -> differ(differences, prefix + name, was.get(name), is.get(name)));
    }

    private static void differ(List<String> differences, String name, Object was, Object is) {
        if (!Objects.equals(was, is)) {
            differences.add("%s: %s, here %s".formatted(name, said(was), said(is)));
        }
    }

    private static String said(Object value) {
        return value == null ? "none" : value.toString();
    }
}
