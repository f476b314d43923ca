package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of all sorts on the command line: of the hub's cache, with LoRAs, from images. */
class ModelsIT {
    private static final Path REFERENCES = Launched.HOME.resolve("worker/src/test/resources/reference");
    private static final Path RED_BALL = Launched.HOME.resolve("docs/images/red-ball.png");
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path directory;

    /** The hub is never asked. */
    private Map<String, String> environment;

    @BeforeEach
    void isolate() {
        environment = Map.of("HF_HUB_CACHE", directory.resolve("hub").toString(), "HF_HUB_OFFLINE", "1");
    }

    @Test
    void shouldDrawWithAModelOfTheHubsCache() throws Exception {
        // Given a cache that some download left
        Path repository = directory.resolve("hub/models--acme--CogVideoX-tiny");
        Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
        copy(Launched.HOME.resolve("models/cogvideox-tiny"), snapshot);
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), COMMIT);

        // When
        JsonNode found = json("download", "acme/CogVideoX-tiny", "--json");
        JsonNode video =
                json("generate", "a ball", "--model", "acme/CogVideoX-tiny", "--steps", "1", "--json", "-o", output());

        // Then
        assertThat(found.path("directory").asText()).isEqualTo(snapshot.toString());
        assertThat(found.path("downloaded_bytes").asLong()).isZero();
        assertThat(video.path("model").asText()).isEqualTo("acme/CogVideoX-tiny");
        assertThat(video.path("status").asText()).isEqualTo("completed");
    }

    @Test
    void shouldDrawFromAnImage() throws Exception {
        JsonNode video = json(
                "generate",
                "the ball rolls on",
                "--model",
                REFERENCES.resolve("1.5-i2v").toString(),
                "--image",
                RED_BALL.toString(),
                "--steps",
                "2",
                "--frames",
                "13",
                "--json",
                "-o",
                output());

        assertThat(video.path("status").asText()).isEqualTo("completed");
        assertThat(video.path("use_dynamic_cfg").asBoolean()).isTrue();
        assertThat(DecodedVideo.read(Path.of(output())).frames()).hasSize(13);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "generate --direct"})
    void shouldGoOnWhereAVideoEnds(String command) throws Exception {
        // Given
        Path first = greys(9);

        // When 9 are drawn from its last one on
        JsonNode video = generated(
                command,
                "the ball rolls on",
                "--model",
                REFERENCES.resolve("i2v").toString(),
                "--extend",
                first.toString(),
                "--steps",
                "2",
                "--frames",
                "17",
                "--json",
                "-o",
                output());

        // Then the last frame is there once, and those before it are as they were
        Frames extended = InputVideo.decode(Path.of(output()), Sampling.of(8, 100));
        assertThat(video.path("num_frames").asInt()).isEqualTo(17);
        assertThat(extended.count()).isEqualTo(17);
        for (int i = 0; i < 9; i++) {
            assertThat(distance(extended.rgb(i), grey(i))).as("frame %d", i).isLessThan(5);
        }
        assertThat(distance(extended.rgb(9), grey(8)))
                .as("the first that was drawn")
                .isGreaterThan(5);
    }

    @Test
    void shouldDrawAVideoAgainAsItsFileTells() throws Exception {
        // Given one of a fleet, from an image
        String model = REFERENCES.resolve("i2v").toString();
        json(
                "generate",
                "the ball rolls on",
                "--model",
                model,
                "--image",
                RED_BALL.toString(),
                "--steps",
                "2",
                "--frames",
                "9",
                "--json",
                "-o",
                output());

        // When it is asked how it was drawn, and drawn again by the pipeline alone
        JsonNode recipe = json("recipe", output());
        Path again = directory.resolve("again.mp4");
        String[] replay = {"replay", output(), "--model", model, "--image", RED_BALL.toString(), "-o", again.toString()
        };

        // Then the files are alike
        assertThat(recipe.path("prompt").asText()).isEqualTo("the ball rolls on");
        assertThat(recipe.path("parameters").path("num_inference_steps").asInt())
                .isEqualTo(2);
        try (var command = Launched.start(environment, replay)) {
            assertThat(command.exitCode()).as(command.err()).isZero();
            assertThat(command.out()).contains("the same as " + output() + ", byte for byte");
            assertThat(again).hasSameBinaryContentAs(Path.of(output()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "generate --direct"})
    void shouldMakeAVideoFromAnotherOne(String command) throws Exception {
        // Given a video of fewer frames than the model draws, and not of a number that it can
        Path source = greys(11);

        // When it is made anew with one step of 25, and with all of them
        JsonNode near = fromVideo(command, source, "0.04");
        Frames nearly = InputVideo.decode(Path.of(output()), Sampling.of(8, 100));
        JsonNode far = fromVideo(command, source, "1");
        Frames other = InputVideo.decode(Path.of(output()), Sampling.of(8, 100));

        // Then
        assertThat(near.path("strength").asDouble()).isEqualTo(0.04);
        assertThat(far.path("strength").asDouble()).isEqualTo(1);
        assertThat(near.path("num_frames").asInt()).isEqualTo(9);
        assertThat(nearly.count()).isEqualTo(9);
        for (int i = 0; i < 9; i++) {
            System.out.printf(
                    "frame %d is %.1f levels off at 0.04, %.1f at 1%n",
                    i, distance(nearly.rgb(i), grey(i)), distance(other.rgb(i), grey(i)));
            assertThat(distance(nearly.rgb(i), grey(i))).as("frame %d", i).isLessThan(distance(other.rgb(i), grey(i)));
        }
    }

    private JsonNode fromVideo(String command, Path source, String strength) throws Exception {
        return generated(
                command,
                "a red ball moving left on a black background",
                "--video",
                source.toString(),
                "--strength",
                strength,
                "--steps",
                "25",
                "--seed",
                "1",
                "--force",
                "--json",
                "-o",
                output());
    }

    @Test
    void shouldDrawAlongAControlVideoOverAFleetAsWithoutOne() throws Exception {
        Path along = greys(9);
        Path alone = directory.resolve("alone.mp4");
        String[] wanted = {
            "--model", REFERENCES.resolve("control/2b").toString(), "--control-video", along.toString(), "--steps", "2"
        };

        JsonNode ofFleet = json(generate(wanted, "-o", output()));
        JsonNode direct = json(generate(wanted, "--direct", "-o", alone.toString()));

        assertThat(ofFleet.path("status").asText()).isEqualTo("completed");
        assertThat(ofFleet.path("operation").asText()).isEqualTo("control");
        assertThat(direct.path("num_frames")).isEqualTo(ofFleet.path("num_frames"));
        assertThat(Path.of(output())).hasSameBinaryContentAs(alone);
    }

    private static String[] generate(String[] wanted, String... more) {
        return Stream.of(Stream.of("generate", "a dancer", "--seed", "1", "--json"), Stream.of(wanted), Stream.of(more))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    /** A video of so many frames, each of a grey of its own. */
    private Path greys(int frames) throws IOException {
        byte[] greys = new byte[frames * 3 * 64 * 80];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = (byte) grey(i / (3 * 64 * 80));
        }
        return SampleVideos.write(directory.resolve("greys.mp4"), new Frames(frames, 64, 80, greys));
    }

    @Test
    void shouldDrawWithALora() throws Exception {
        String lora = REFERENCES.resolve("2b-lora/attention.safetensors").toString();

        JsonNode video = json(
                "generate",
                "a ball",
                "--model",
                REFERENCES.resolve("2b").toString(),
                "--lora",
                lora + ":0.5",
                "--steps",
                "1",
                "--json",
                "-o",
                output());

        assertThat(video.path("status").asText()).isEqualTo("completed");
        assertThat(video.path("loras"))
                .isEqualTo(new ObjectMapper().readTree("[{\"id\":\"attention\",\"scale\":0.5}]"));
    }

    @Test
    void shouldDrawWhatThePromptSaysWithAQuantizedModelThroughTheWholeFleet() throws Exception {
        // Given
        String model = directory.resolve("tiny-int8").toString();
        JsonNode made =
                json("quantize", Launched.HOME.resolve("models/cogvideox-tiny").toString(), model, "--json");
        Sentence sentence = new Sentence(
                Sentence.Paint.RED, Sentence.Shape.BALL, Sentence.Direction.LEFT, Sentence.Background.BLACK);

        // When
        JsonNode video = json("generate", sentence.prompt(), "--model", model, "--seed", "0", "--json", "-o", output());

        // Then
        assertThat(made.path("components"))
                .extracting(part -> part.path("layers").asInt())
                .containsExactly(14, 36);
        assertThat(video.path("model").asText()).isEqualTo("tiny-int8");
        assertThat(video.path("status").asText()).isEqualTo("completed");
        VideoAssertions.assertShows(DecodedVideo.read(Path.of(output())), sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quantize no-such-model out",
                "quantize models/cogvideox-tiny pom.xml",
                "download acme/none",
                "info acme/none",
                "generate x --direct --model acme/none",
                "generate x --direct --image no-such-image.png",
                "generate x --direct --image pom.xml",
                "recipe no-such-video.mp4",
                "replay pom.xml -o none.mp4",
                "generate x --direct --lora no-such-lora.safetensors",
                "trace --out t.safetensors --prompt x --lora unknown"
            })
    void shouldFailInOneLine(String arguments) throws Exception {
        try (var failing = Launched.start(environment, arguments.split(" "))) {
            assertThat(failing.exitCode()).as(failing.err()).isEqualTo(1);
            assertThat(failing.err()).startsWith("text2video: ").hasLineCount(1);
        }
    }

    /** @param command by words, over a fleet or by the pipeline alone */
    private JsonNode generated(String command, String... arguments) throws Exception {
        return json(
                Stream.of(command.split(" "), arguments).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private JsonNode json(String... arguments) throws Exception {
        try (var command = Launched.start(environment, arguments)) {
            assertThat(command.exitCode()).as(command.err()).isZero();
            return new ObjectMapper().readTree(command.out());
        }
    }

    private String output() {
        return directory.resolve("video.mp4").toString();
    }

    private static int grey(int frame) {
        return 40 + 20 * frame;
    }

    /** How far the pixels' channels are from a grey in the mean. */
    private static double distance(RgbImage image, int grey) {
        long sum = 0;
        for (byte channel : image.rgb()) {
            sum += Math.abs((channel & 0xff) - grey);
        }
        return (double) sum / image.rgb().length;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(entry).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(entry, copy);
            }
        }
    }
}
