package io.text2video.worker.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.Provenance;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.video.InvalidVideoException;
import io.text2video.worker.video.VideoEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoRecipeTest {
    private static final GenerationParameters DRAWN = new GenerationParameters(
            "A ball, \"red\" & round, rolls to the left. \u7403 \ud83c\udfc0",
            "blurry",
            4,
            List.of(999, 749, 499, 249),
            1,
            false,
            0,
            0.1,
            64,
            80,
            9,
            8,
            (1L << 53) - 1,
            List.of(new LoraScale("ink", 0.5)),
            null,
            null,
            null);
    private static final Provenance HERE =
            new Provenance("0123", Map.of("ink", "4567"), Map.of("dtype", "bf16", "arithmetic", "threads=2"));
    private static final VideoRecipe RECIPE = VideoRecipe.of("tiny", "a ball", DRAWN, HERE);

    @TempDir
    Path directory;

    @Test
    void shouldTellAllThatAVideoWasDrawnWith() throws Exception {
        VideoRecipe read = VideoRecipe.read(video(RECIPE.toJson())).orElseThrow();

        assertThat(read).isEqualTo(RECIPE);
        assertThat(read.engine()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        assertThat(read.prompt()).isEqualTo("a ball");
        assertThat(read.drawnPrompt()).isEqualTo(DRAWN.prompt());
        GenerationParameters again = GenerationParameters.of(
                read.drawnPrompt(), read.parameters(), new ModelDefaults(1, 6, true, 16, 16, 1, 1), 0, null);
        assertThat(again).isEqualTo(DRAWN);
    }

    @Test
    void shouldTellAnImageByItsPixels() {
        var image = new RgbImage(1, 2, new byte[] {1, 2, 3, 4, 5, 6});
        var other = new RgbImage(2, 1, image.rgb());

        VideoRecipe recipe = VideoRecipe.of("tiny", DRAWN.prompt(), DRAWN.startingFrom(image), HERE);

        assertThat(recipe.enhancedPrompt()).isNull();
        assertThat(recipe.image()).isEqualTo(image.digest()).startsWith("1x2 ").hasSize(4 + 64);
        assertThat(other.digest()).isNotEqualTo(recipe.image());
    }

    /** By FFmpeg's own program, as a user would. */
    @ParameterizedTest
    @CsvSource({
        "remuxed.mkv, -c copy",
        "remuxed.mov, -c copy",
        "cut.mp4, -ss 0.5 -t 0.25 -c copy",
        "smaller.mp4, -vf scale=48:32 -c:v libopenh264",
        "other.webm, -c:v libvpx-vp9"
    })
    void shouldSurviveWhatOtherProgramsDo(String name, String how) throws Exception {
        Path made = directory.resolve(name);

        ffmpeg(video(RECIPE.toJson()), how, made);

        assertThat(VideoRecipe.read(made)).hasValue(RECIPE);
    }

    @Test
    void shouldFindNoneInOtherVideos() throws Exception {
        assertThat(VideoRecipe.read(video(null))).isEmpty();
        assertThat(VideoRecipe.read(video("made by hand"))).isEmpty();
        assertThat(VideoRecipe.read(video("{\"prompt\":\"a ball\"}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text2video\":1",
                "{\"text2video\":1}",
                "{\"text2video\":0,\"engine\":\"1\"}",
                "{\"text2video\":\"x\"}"
            })
    void shouldRefuseOneThatIsNotWhole(String comment) throws Exception {
        Path video = video(comment);

        assertThatThrownBy(() -> VideoRecipe.read(video))
                .isInstanceOf(InvalidVideoException.class)
                .hasMessageContaining("comment");
    }

    @Test
    void shouldRefuseWhatIsNoVideo() throws Exception {
        Path text = Files.writeString(directory.resolve("a.mp4"), RECIPE.toJson());

        assertThatThrownBy(() -> VideoRecipe.read(text)).isInstanceOf(InvalidVideoException.class);
        assertThatThrownBy(() -> VideoRecipe.read(directory.resolve("none.mp4")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.mp4");
    }

    @Test
    void shouldNameWhatDiffers() {
        var elsewhere =
                new Provenance("89ab", Map.of(), Map.of("dtype", "bf16", "arithmetic", "threads=4", "gpus", "L4"));
        VideoRecipe other = VideoRecipe.of(
                "tiny", "a ball", DRAWN.withPrompts("A cat.", "blurry").withCacheThreshold(0), elsewhere);

        assertThat(RECIPE.differences(RECIPE)).isEmpty();
        assertThat(RECIPE.differences(other))
                .containsExactly(
                        "weights: 0123, here 89ab",
                        "prompt: " + DRAWN.prompt() + ", here A cat.",
                        "cache_threshold: 0.1, here 0.0",
                        "LoRA ink: 4567, here none",
                        "arithmetic: threads=2, here threads=4",
                        "gpus: none, here L4");
    }

    /** @param comment null for none */
    private Path video(String comment) throws IOException {
        byte[] rgb = new byte[9 * 64 * 80 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 64);
        }
        Path file = directory.resolve("video.mp4");
        try (var encoder = new VideoEncoder(8, Optional.ofNullable(comment))) {
            encoder.accept(new Frames(9, 64, 80, rgb));
            try (var encoded = encoder.finish()) {
                Files.deleteIfExists(file);
                return Files.copy(encoded.mp4(), file);
            }
        }
    }

    private static void ffmpeg(Path from, String how, Path to) throws IOException, InterruptedException {
        String program = Loader.load(ffmpeg.class);
        List<String> command =
                new ArrayList<>(List.of(program, "-nostdin", "-loglevel", "error", "-i", from.toString()));
        command.addAll(List.of(how.split(" ")));
        command.add(to.toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Its libraries lie beside it.
        builder.environment()
                .put("LD_LIBRARY_PATH", Path.of(program).getParent().toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
