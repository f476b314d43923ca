package io.text2video.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.text2video.api.GenerationFailedException.Reason;
import io.text2video.worker.Reference;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.recipe.VideoRecipe;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The library, as a program uses it. */
class LibraryTest {
    private static final String PROMPT = "a red ball moving left on a black background";

    private static Text2Video pipeline;

    @TempDir
    Path directory;

    @BeforeAll
    static void load() throws IOException {
        pipeline = Text2Video.load(Reference.TINY_CHECKPOINT, LibraryTest::alike);
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    @Test
    void shouldDrawAVideoAndTellHowFarItIs() throws Exception {
        // Given
        List<String> told = new ArrayList<>();
        List<BufferedImage> previews = new ArrayList<>();

        // When
        GeneratedVideo video = pipeline.generate(PROMPT, options -> options.seed(0)
                .numInferenceSteps(12)
                .onStep((step, steps) -> told.add("step %d of %d".formatted(step, steps)))
                .onPreview((step, frame) -> previews.add(frame))
                .onFrames((frames, all) -> told.add("%d of %d frames".formatted(frames, all))));

        // Then
        assertThat(told)
                .hasSize(14)
                .startsWith("step 1 of 12", "step 2 of 12")
                .endsWith("step 12 of 12", "9 of 17 frames", "17 of 17 frames");
        List<BufferedImage> frames = video.frames();
        assertThat(frames).hasSize(17).hasSize(video.numFrames());
        assertThat(columnOfRed(frames.get(16))).isLessThan(columnOfRed(frames.get(0)) - 5);
        assertThat(video)
                .returns(64, GeneratedVideo::width)
                .returns(64, GeneratedVideo::height)
                .returns(8, GeneratedVideo::fps)
                .returns(12, GeneratedVideo::numInferenceSteps)
                .returns(2.0, GeneratedVideo::guidanceScale)
                .returns(0L, GeneratedVideo::seed)
                .returns(PROMPT, GeneratedVideo::prompt);

        // And the previews go from noise to the first frame
        assertThat(previews).hasSize(12);
        double first = difference(previews.get(0), frames.get(0));
        double last = difference(previews.get(11), frames.get(0));
        assertThat(last).as("mean difference, of the first preview %.1f", first).isLessThan(first / 4);
    }

    @Test
    void shouldDrawTheSameForTheSameSeedWithAndWithoutPreviews() {
        // Given
        GeneratedVideo once = pipeline.generate(PROMPT, LibraryTest::two);

        // When
        GeneratedVideo again =
                pipeline.generate(PROMPT, options -> two(options).onPreview((step, frame) -> frame.getWidth()));
        GeneratedVideo drawnSeed = pipeline.generate(PROMPT, options -> options.numInferenceSteps(2));
        GeneratedVideo repeated = pipeline.generate(
                PROMPT, options -> options.numInferenceSteps(2).seed(drawnSeed.seed()));

        // Then
        assertThat(pixels(again)).isEqualTo(pixels(once));
        assertThat(pixels(repeated)).isEqualTo(pixels(drawnSeed)).isNotEqualTo(pixels(once));
    }

    @Test
    void shouldSaveAnMp4() throws Exception {
        // Given
        GeneratedVideo video =
                pipeline.generate(PROMPT, options -> two(options).numFrames(9).fps(12));
        Path there = Files.writeString(directory.resolve("ball.MP4"), "an older one");

        // When
        Path saved = video.save(there);

        // Then
        assertThat(saved).isEqualTo(there).hasBinaryContent(video.mp4());
        try (var grabber = new FFmpegFrameGrabber(saved.toFile())) {
            grabber.start();
            assertThat(grabber.getLengthInVideoFrames()).isEqualTo(9);
            assertThat(grabber.getVideoFrameRate()).isEqualTo(12);
            assertThat(grabber.getImageWidth()).isEqualTo(64);
        }
        assertThat(VideoRecipe.read(saved)).hasValueSatisfying(recipe -> {
            assertThat(recipe.model()).isEqualTo("cogvideox-tiny");
            assertThat(recipe.parameters().seed()).isEqualTo(video.seed());
            assertThat(recipe.weights()).hasSize(64);
            assertThat(recipe.computation()).containsKeys("dtype", "quantization", "arithmetic", "engine");
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> video.save(directory.resolve("ball.gif")))
                .withMessageContainingAll("ball.gif", "MP4", "frames()");
    }

    @Test
    void shouldEncodeAPromptAhead() {
        // When
        EncodedPrompt encoded = pipeline.encodePrompt("a red ball");
        EncodedPrompt tooLong = pipeline.encodePrompt("a red ball ".repeat(100));

        // Then
        assertThat(encoded.tokens()).startsWith("▁a").endsWith("</s>");
        assertThat(encoded.truncatedTokens()).isZero();
        assertThat(tooLong.truncatedTokens()).isPositive();
        assertThat(tooLong.truncatedText()).endsWith("red ball");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            num_frames          | num_frames is 16, but must be a multiple of 4 plus 1, from 1 to 1024; the nearest are 13 and 17
            num_inference_steps | num_inference_steps is 0, but must be from 1 to 1000; the nearest is 1
            fps                 | fps is 0, but must be at least 1
            loras               | there is no LoRA watercolor; this worker has none
            image               | image cannot be used: this model makes a video from a prompt, or from another video; leave it out, or load a model that takes one
            extend              | extend cannot be used: this model makes a video from a prompt, or from another video; leave it out, or load a model that takes one
            control_video       | control_video cannot be used: this model makes a video from a prompt, or from another video; leave it out, or load a model that takes one
            video               | video: no such video: none.mp4
            strength            | strength is 0.5, but there is no video: it says how far from that the new one is
            """)
    void shouldRefuseWhatTheModelCannotServe(String option, String message) {
        Consumer<VideoOptions> wrong = options -> {
            switch (option) {
                case "num_frames" -> options.numFrames(16);
                case "num_inference_steps" -> options.numInferenceSteps(0);
                case "fps" -> options.fps(0);
                case "loras" -> options.lora("watercolor", 1);
                case "video" -> options.video(Path.of("none.mp4"));
                case "extend" -> options.extend(Path.of("none.mp4"));
                case "control_video" -> options.controlVideo(Path.of("none.mp4"));
                case "strength" -> options.strength(0.5);
                default -> options.image(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB));
            }
        };

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> pipeline.generate(PROMPT, wrong))
                .withMessage(message)
                .satisfies(refusal -> assertThat(refusal.option()).isEqualTo(option));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            torch_dtype  | int4   | is none of fp32, bf16, fp16
            device       | tpu    | tpu
            quantization | int3   | int3
            memory       | 14     | 14
            cpu_paths    | fast   | fast
            """)
    void shouldRefuseALoadOptionThatIsNone(String option, String value, String named) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Text2Video.load(Reference.TINY_CHECKPOINT, options -> {
                    switch (option) {
                        case "torch_dtype" -> options.torchDtype(value);
                        case "device" -> options.device(value);
                        case "quantization" -> options.quantization(value);
                        case "memory" -> options.memory(value);
                        default -> options.cpuPaths(value);
                    }
                }))
                .withMessageStartingWith(option + ": ")
                .withMessageContaining(named)
                .satisfies(refusal -> assertThat(refusal.option()).isEqualTo(option));
    }

    @Test
    void shouldTellWhyAModelDoesNotLoad() {
        assertThatExceptionOfType(ModelLoadingException.class)
                .isThrownBy(() -> Text2Video.load("no-such-org/no-such-model"))
                .withMessageContainingAll(
                        "no-such-org/no-such-model", "this fetches it: text2video download no-such-org/no-such-model");
        assertThatExceptionOfType(ModelLoadingException.class)
                .isThrownBy(() -> Text2Video.load(directory))
                .withMessageContaining("model_index.json");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Text2Video.download("no model", (bytes, all) -> {}))
                .withMessageContainingAll("no model", "org/name");
    }

    @Test
    void shouldTellThatThereIsTooLittleMemory() throws Exception {
        try (Text2Video small = Text2Video.load(
                Reference.TINY_CHECKPOINT, options -> alike(options).memory("1MiB"))) {
            assertThatExceptionOfType(GenerationFailedException.class)
                    .isThrownBy(() -> small.generate(PROMPT, LibraryTest::two))
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_MEMORY))
                    .withMessageContaining("1.0 MiB");
        }
    }

    @Test
    void shouldEndWhenItIsCancelledOrInterruptedAndBeUsableOn() {
        // Given a generation that is cancelled in its second step
        int[] done = new int[1];
        Consumer<VideoOptions> cancelling = options -> two(options)
                .numInferenceSteps(25)
                .onStep((step, steps) -> done[0] = step)
                .cancelWhen(() -> done[0] == 1);

        // When, Then
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> pipeline.generate(PROMPT, cancelling))
                .withMessage("the generation was cancelled");
        assertThat(done[0]).isEqualTo(1);

        // And one whose thread is interrupted
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> pipeline.generate(PROMPT, options -> two(options)
                        .onStep((step, steps) -> Thread.currentThread().interrupt())))
                .withMessage("the thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pipeline.generate(PROMPT, LibraryTest::two).numFrames()).isEqualTo(17);
    }

    @Test
    void shouldDrawForSeveralThreadsOneAfterTheOther() throws Exception {
        // Given
        List<Integer> alone = pixels(pipeline.generate(PROMPT, LibraryTest::two));

        // When
        List<CompletableFuture<List<Integer>>> drawn = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            drawn.add(CompletableFuture.supplyAsync(() -> pixels(pipeline.generate(PROMPT, LibraryTest::two))));
        }

        // Then
        for (var video : drawn) {
            assertThat(video.get()).isEqualTo(alone);
        }
    }

    @Test
    void shouldRefuseToWorkWithinItsOwnCallbacksAndOnceItIsClosed() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> pipeline.generate(
                        PROMPT, options -> two(options).onStep((step, steps) -> pipeline.generate(PROMPT))))
                .withMessageContaining("callbacks");
        Text2Video closed = Text2Video.load(Reference.TINY_CHECKPOINT, LibraryTest::alike);
        closed.close();
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.generate(PROMPT))
                .withMessage("cogvideox-tiny is closed; load it again");
    }

    @Test
    void shouldStartFromAnImage() throws Exception {
        // Given
        BufferedImage start = new BufferedImage(48, 48, BufferedImage.TYPE_INT_ARGB);
        start.createGraphics().fillRect(8, 8, 20, 20);
        Path png = directory.resolve("start.png");
        ImageIO.write(start, "png", png.toFile());

        // When
        try (Text2Video imageToVideo = Text2Video.load(Reference.checkpoint("i2v"), LibraryTest::alike)) {
            GeneratedVideo ofFile =
                    imageToVideo.generate(PROMPT, options -> two(options).image(png));
            GeneratedVideo ofPixels =
                    imageToVideo.generate(PROMPT, options -> two(options).image(start));

            // Then
            assertThat(pixels(ofFile)).isEqualTo(pixels(ofPixels));
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> imageToVideo.generate(PROMPT, LibraryTest::two))
                    .withMessageStartingWith("image is missing");
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(
                            () -> imageToVideo.generate(PROMPT, options -> options.image(directory.resolve("x.png"))))
                    .withMessageContaining("x.png");
        }
    }

    @Test
    void shouldMakeAVideoFromAnotherOne() throws Exception {
        // Given
        GeneratedVideo first =
                pipeline.generate(PROMPT, options -> options.seed(0).numInferenceSteps(12));
        Path file = first.save(directory.resolve("first.mp4"));

        // When
        Consumer<VideoOptions> editing =
                options -> options.seed(0).numInferenceSteps(12).video(file);
        GeneratedVideo near = pipeline.generate(
                PROMPT, options -> editing.andThen(o -> o.strength(0.3)).accept(options));
        Path nine = nine();
        GeneratedVideo noLonger =
                pipeline.generate(PROMPT, options -> two(options).video(nine).strength(1));

        // Then it is near to the other one, and no longer
        double anew = difference(
                pipeline.generate(PROMPT, options -> two(options).numFrames(9))
                        .frames()
                        .get(0),
                first.frames().get(0));
        assertThat(near.numFrames()).isEqualTo(17);
        assertThat(difference(near.frames().get(0), first.frames().get(0))).isLessThan(anew / 2);
        assertThat(noLonger.numFrames()).isEqualTo(9);
        assertThat(VideoRecipe.read(near.save(directory.resolve("near.mp4")))).isEmpty();
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> pipeline.generate(
                        PROMPT, options -> editing.andThen(o -> o.strength(2)).accept(options)))
                .withMessage("strength is 2.0, but must be above 0, to 1");
    }

    @Test
    void shouldGoOnWhereAVideoEndsAndDrawAlongOne() throws Exception {
        // Given
        Path file = nine();

        // When
        try (Text2Video imageToVideo = Text2Video.load(Reference.checkpoint("i2v"), LibraryTest::alike);
                Text2Video control = Text2Video.load(Reference.checkpoint("control/2b"), LibraryTest::alike)) {
            GeneratedVideo extended = imageToVideo.generate(
                    PROMPT, options -> two(options).extend(file).numFrames(17));
            GeneratedVideo along =
                    control.generate(PROMPT, options -> two(options).controlVideo(file));

            // Then
            assertThat(extended.numFrames()).isEqualTo(17);
            assertThat(along.numFrames()).isEqualTo(9);
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> imageToVideo.generate(PROMPT, options -> options.extend(file)
                            .image(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB))))
                    .withMessage("extend and image exclude each other: a video is made from one of them");
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> control.generate(PROMPT, LibraryTest::two))
                    .withMessage("control_video is missing: this model makes a video from a control video and a prompt;"
                            + " name one");
        }
    }

    @Test
    void shouldDrawWithALora() throws Exception {
        try (Text2Video adapted = Text2Video.load(
                Reference.CHECKPOINT, options -> alike(options).lora("attention", LoraFixture.ATTENTION))) {
            // Given
            List<Integer> bare = pixels(adapted.generate(PROMPT, LibraryTest::two));

            // When
            List<Integer> drawn =
                    pixels(adapted.generate(PROMPT, options -> two(options).lora("attention", 1)));

            // Then
            assertThat(drawn).isNotEqualTo(bare);
            assertThat(pixels(adapted.generate(PROMPT, options -> two(options).lora("attention", 0))))
                    .isEqualTo(bare);
        }
    }

    private Path nine() throws IOException {
        return pipeline.generate(PROMPT, options -> two(options).numFrames(9)).save(directory.resolve("nine.mp4"));
    }

    /** As the other tests: the ways of the CPU that are the same on every one. */
    private static LoadOptions alike(LoadOptions options) {
        return options.device("cpu").cpuPaths("default");
    }

    private static VideoOptions two(VideoOptions options) {
        return options.numInferenceSteps(2).seed(7);
    }

    private static List<Integer> pixels(GeneratedVideo video) {
        List<Integer> pixels = new ArrayList<>();
        for (BufferedImage frame : video.frames()) {
            for (int pixel : frame.getRGB(0, 0, frame.getWidth(), frame.getHeight(), null, 0, frame.getWidth())) {
                pixels.add(pixel);
            }
        }
        return pixels;
    }

    /** Of all channels, from 0 to 255. */
    private static double difference(BufferedImage one, BufferedImage other) {
        double sum = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    sum += Math.abs((one.getRGB(x, y) >> shift & 0xff) - (other.getRGB(x, y) >> shift & 0xff));
                }
            }
        }
        return sum / (3 * one.getHeight() * one.getWidth());
    }

    private static double columnOfRed(BufferedImage frame) {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < frame.getHeight(); y++) {
            for (int x = 0; x < frame.getWidth(); x++) {
                int rgb = frame.getRGB(x, y);
                if ((rgb >> 16 & 0xff) > 128 && (rgb >> 8 & 0xff) < 100 && (rgb & 0xff) < 100) {
                    sum += x;
                    count++;
                }
            }
        }
        assertThat(count).as("red pixels").isGreaterThan(20);
        return sum / count;
    }
}
