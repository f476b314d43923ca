package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tiny model's latents look like, by the map that is fitted to its VAE. */
class LatentPreviewTest {
    private static final GenerationParameters CALL = TinyCheckpointTest.call(8, 0);

    @TempDir
    private static Path cache;

    private static CogVideoXPipeline pipeline;

    @BeforeAll
    static void load() throws IOException {
        pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT);
        pipeline.prepareLatentPreviews(Optional.of(cache), Interruption.NONE);
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    @Test
    void shouldShowWhatTheVideoWillLookLike() {
        // When
        Map<Integer, Frames> shown = new LinkedHashMap<>();
        Frames video = draw(sink(1, shown));

        // Then: of latent frames 0 to 4 the third, which stands for frames 5 to 8
        assertThat(shown.keySet()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(shown.get(8))
                .extracting(Frames::count, Frames::height, Frames::width)
                .containsExactly(1, 8, 8);
        shown.forEach((step, frame) -> assertThat(psnr(frame, video, 5, 9))
                .as("PSNR of the preview of step %d", step)
                .isGreaterThan(18));
    }

    @Test
    void shouldShowTheFirstAndTheLastFrameOfAStrip() {
        // When
        Map<Integer, Frames> shown = new LinkedHashMap<>();
        Frames video = draw(sink(4, shown));

        // Then
        Frames strip = shown.get(8);
        assertThat(strip.count()).isEqualTo(4);
        assertThat(psnr(frame(strip, 0), video, 0, 1)).isGreaterThan(18);
        assertThat(psnr(frame(strip, 3), video, 13, 17)).isGreaterThan(18);
    }

    @Test
    void shouldNotChangeTheVideo() {
        assertThat(draw(sink(5, new LinkedHashMap<>())).rgb())
                .isEqualTo(draw(LatentPreviewSink.NONE).rgb());
    }

    @Test
    void shouldFitTheMapOnceAndKeepIt() throws IOException {
        // Given
        Path file;
        try (Stream<Path> kept = Files.list(cache.resolve("latent-rgb"))) {
            file = kept.findFirst().orElseThrow();
        }
        assertThat(file.getFileName().toString()).matches("[0-9a-f]{64}\\.json");
        String fitted = Files.readString(file);

        // When it is broken, then fitted anew
        Files.writeString(file, "{");
        pipeline.prepareLatentPreviews(Optional.of(cache), Interruption.NONE);
        assertThat(Files.readString(file)).isEqualTo(fitted);

        // When another one is there, then that one is taken
        Files.writeString(file, fitted.replaceAll("-?\\d+\\.\\d+(E-?\\d+)?", "0.0"));
        pipeline.prepareLatentPreviews(Optional.of(cache), Interruption.NONE);
        Map<Integer, Frames> shown = new LinkedHashMap<>();
        draw(sink(1, shown));
        assertThat(shown.get(8).rgb()).containsOnly(128);

        Files.delete(file);
        pipeline.prepareLatentPreviews(Optional.of(cache), Interruption.NONE);
    }

    @Test
    void shouldPickFramesThatAreDecoded() {
        var padded = new LatentShape(6, 1, 16, 8, 8, 17);

        assertThat(LatentPreview.frames(padded, 0)).isEmpty();
        assertThat(LatentPreview.frames(padded, 1)).containsExactly(3);
        assertThat(LatentPreview.frames(padded, 3)).containsExactly(1, 3, 5);
        assertThat(LatentPreview.frames(padded, 9)).containsExactly(1, 2, 3, 4, 5);
    }

    private static LatentPreviewSink sink(int wanted, Map<Integer, Frames> shown) {
        return new LatentPreviewSink() {
            @Override
            public int wanted(int step, int steps) {
                return wanted;
            }

            @Override
            public void accept(int step, Supplier<Frames> picture) {
                shown.put(step, picture.get());
            }
        };
    }

    private static Frames draw(LatentPreviewSink previews) {
        List<Frames> chunks = new ArrayList<>();
        pipeline.generate(CALL, Checkpoints.NONE, Interruption.NONE, StepListener.NONE, previews, chunks::add);
        int count = chunks.stream().mapToInt(Frames::count).sum();
        byte[] rgb = new byte[count * 3 * CALL.height() * CALL.width()];
        int at = 0;
        for (Frames chunk : chunks) {
            System.arraycopy(chunk.rgb(), 0, rgb, at, chunk.rgb().length);
            at += chunk.rgb().length;
        }
        return new Frames(count, CALL.height(), CALL.width(), rgb);
    }

    private static Frames frame(Frames frames, int index) {
        int length = 3 * frames.height() * frames.width();
        byte[] rgb = new byte[length];
        System.arraycopy(frames.rgb(), index * length, rgb, 0, length);
        return new Frames(1, frames.height(), frames.width(), rgb);
    }

    /** Of a preview of one frame against the means of what its pixels stand for, in dB. */
    private static double psnr(Frames preview, Frames video, int from, int to) {
        int ratio = video.height() / preview.height();
        double error = 0;
        for (int y = 0; y < preview.height(); y++) {
            for (int x = 0; x < preview.width(); x++) {
                for (int colour = 0; colour < 3; colour++) {
                    double mean = 0;
                    for (int frame = from; frame < to; frame++) {
                        for (int i = 0; i < ratio * ratio; i++) {
                            int row = (frame * video.height() + y * ratio + i / ratio) * video.width();
                            int pixel = 3 * (row + x * ratio + i % ratio) + colour;
                            mean += (video.rgb()[pixel] & 255) / (double) ((to - from) * ratio * ratio);
                        }
                    }
                    double other = preview.rgb()[3 * (y * preview.width() + x) + colour] & 255;
                    error += (mean - other) * (mean - other) / preview.rgb().length;
                }
            }
        }
        return 10 * Math.log10(255 * 255 / error);
    }
}
