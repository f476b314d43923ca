package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The trained toy checkpoint: what it draws, whether it draws it again, and what it leaves in memory. */
@Tag("alone")
@Tag("slow")
class TinyCheckpointTest {
    private static CogVideoXPipeline pipeline;

    @BeforeAll
    static void load() throws IOException {
        pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT);
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    @Test
    void shouldTakeItsDefaultsFromTheCheckpoint() {
        assertThat(pipeline.defaults()).isEqualTo(new ModelDefaults(25, 2.0, false, 64, 64, 17, 8));
    }

    @Test
    void shouldDrawARedBallThatMovesLeft() {
        // When
        Frames frames = draw(call(25, 0));

        // Then
        double first = columnOfRed(frames, 0);
        double last = columnOfRed(frames, frames.count() - 1);
        assertThat(last).as("mean column of red pixels, at first %s", first).isLessThan(first - 5);
    }

    @Test
    void shouldDrawTheSameBytesForTheSameSeed() {
        // Given
        byte[] once = draw(call(4, 7)).rgb();

        // When
        byte[] again = draw(call(4, 7)).rgb();

        // Then
        assertThat(again).isEqualTo(once);
        assertThat(draw(call(4, 8)).rgb()).isNotEqualTo(once);
    }

    @Test
    void shouldRunWithoutGuidance() {
        // Given
        GenerationParameters call =
                new GenerationParameters("a red ball", "", 2, 1.0, false, 0, 32, 48, 9, 8, 0, List.of(), null);

        // When
        Frames frames = draw(call);

        // Then
        assertThat(frames.rgb()).hasSize(9 * 32 * 48 * 3);
    }

    @Test
    void shouldTellEachStepInOrder() {
        // Given
        List<String> steps = new ArrayList<>();

        // When
        pipeline.generate(call(3, 0), (step, of) -> steps.add(step + "/" + of), FrameSink.NONE);

        // Then
        assertThat(steps).containsExactly("1/3", "2/3", "3/3");
    }

    @Test
    void shouldEndWithTheListenersExceptionAndStayUsable() {
        // Given
        StepListener cancelling = (step, steps) -> {
            throw new CancellationException("enough");
        };

        // When
        assertThatThrownBy(() -> pipeline.generate(call(25, 0), cancelling, FrameSink.NONE))
                .isInstanceOf(CancellationException.class);

        // Then
        assertThat(draw(call(1, 0)).count()).isEqualTo(17);
    }

    @Test
    void shouldHandOnFramesAsTheyAreDecodedAndEndWithTheSinksException() {
        // Given a sink that has enough after the second chunk
        List<Integer> chunks = new ArrayList<>();
        FrameSink full = chunk -> {
            chunks.add(chunk.count());
            if (chunks.size() == 2) {
                throw new CancellationException("full");
            }
        };

        // When
        assertThatThrownBy(() -> pipeline.generate(call(1, 0), StepListener.NONE, full))
                .isInstanceOf(CancellationException.class);
        assertThat(chunks).containsExactly(9, 8);
        chunks.clear();
        Generation generation = pipeline.generate(call(1, 0), StepListener.NONE, chunk -> chunks.add(chunk.count()));

        // Then
        assertThat(generation.frames()).isEqualTo(17);
        assertThat(chunks).containsExactly(9, 8);
    }

    @Test
    void shouldPrepareAPromptOnAnotherThreadBesideAGeneration() throws Exception {
        // Given what two calls draw one after the other
        GenerationParameters first = call(6, 1);
        GenerationParameters next = call("a blue square moving up on a gray background", 2, 1);
        byte[] firstAlone = draw(first).rgb();
        byte[] nextAlone = draw(next).rgb();

        // When another thread prepares the second one amid the first
        try (CogVideoXPipeline fresh = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT)) {
            var begun = new CompletableFuture<Void>();
            CompletableFuture<Void> prepared = begun.thenRunAsync(() -> fresh.prepare(next, Interruption.NONE));
            var frames = new CollectedFrames(first);
            fresh.generate(first, (step, steps) -> begun.complete(null), frames);
            prepared.get();

            // Then both are what they were
            assertThat(frames.frames().rgb()).isEqualTo(firstAlone);
            var nextFrames = new CollectedFrames(next);
            fresh.generate(next, StepListener.NONE, nextFrames);
            assertThat(nextFrames.frames().rgb()).isEqualTo(nextAlone);
        }
    }

    @Test
    void shouldKeepItsResidentSetFlat() throws IOException {
        // Given: the heap has found its size, the code is compiled and the allocator has its arenas
        for (int i = 0; i < 10; i++) {
            generateAndCancel();
            residentSet();
        }
        List<Long> kilobytes = new ArrayList<>(List.of(residentSet()));

        // When
        for (int i = 0; i < 20; i++) {
            generateAndCancel();
            kilobytes.add(residentSet());
        }

        // Then: a leak would grow with each generation; the JIT takes and gives back some megabytes now and then
        double start = kilobytes.get(0);
        long[] growth = IntStream.range(1, kilobytes.size())
                .mapToLong(i -> kilobytes.get(i) - kilobytes.get(i - 1))
                .sorted()
                .toArray();
        double typical = growth[growth.length / 2];
        System.out.printf(
                "resident set of %.0f MB: a generation adds %.0f kB, 20 of them %+.2f %%%n",
                start / 1024, typical, 100 * (kilobytes.get(20) / start - 1));
        assertThat(20 * typical / start).as("growth of %s kB", kilobytes).isLessThan(0.03);
        assertThat(kilobytes.get(20) / start).as("%s kB", kilobytes).isLessThan(1.1);
    }

    private static void generateAndCancel() {
        pipeline.generate(call(2, 0), StepListener.NONE, FrameSink.NONE);
        StepListener cancelling = (step, steps) -> {
            throw new CancellationException();
        };
        assertThatThrownBy(() -> pipeline.generate(call(2, 0), cancelling, FrameSink.NONE));
        // Within a block, and within the decoder
        for (String kernel : List.of("feed_forward", "upsample")) {
            Interruption interruption = next -> {
                if (next.equals(kernel)) {
                    throw new CancellationException();
                }
            };
            assertThatThrownBy(() -> pipeline.generate(
                            call(1, 0), Checkpoints.NONE, interruption, StepListener.NONE, FrameSink.NONE))
                    .isInstanceOf(CancellationException.class);
        }
    }

    /** In kB, after a collection: what is asked is whether native memory stays, not when the collector runs. */
    private static long residentSet() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static Frames draw(GenerationParameters call) {
        var frames = new CollectedFrames(call);
        pipeline.generate(call, StepListener.NONE, frames);
        return frames.frames();
    }

    static double columnOfRed(Frames frames, int frame) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < frames.height() * frames.width(); i++) {
            int at = (frame * frames.height() * frames.width() + i) * 3;
            boolean red = (frames.rgb()[at] & 0xFF) > 128
                    && (frames.rgb()[at + 1] & 0xFF) < 100
                    && (frames.rgb()[at + 2] & 0xFF) < 100;
            if (red) {
                sum += i % frames.width();
                count++;
            }
        }
        assertThat(count).as("red pixels in frame %d", frame).isGreaterThan(20);
        return sum / count;
    }

    static GenerationParameters call(int steps, long seed) {
        return call("a red ball moving left on a black background", steps, seed);
    }

    private static GenerationParameters call(String prompt, int steps, long seed) {
        return new GenerationParameters(prompt, "", steps, 2.0, false, 0, 64, 64, 17, 8, seed, List.of(), null);
    }
}
