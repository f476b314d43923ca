package io.text2video.worker.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VideoEncoderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void shouldMakeOneVideoOfManyChunks() throws IOException {
        // Given the same frames at once and a few at a time
        Frames all = BlobFrames.draw(17, 64, 64);
        try (var whole = new VideoEncoder(8);
                var streaming = new VideoEncoder(8)) {
            whole.accept(all);
            for (int start : List.of(0, 9, 10, 16)) {
                streaming.accept(part(all, start, start == 0 ? 9 : start == 10 ? 6 : 1));
            }

            // When both are finished
            try (EncodedVideo one = whole.finish();
                    EncodedVideo other = streaming.finish()) {
                // Then they are the same files
                assertThat(other.mp4()).hasSameBinaryContentAs(one.mp4());
                assertThat(other.poster()).hasSameBinaryContentAs(one.poster());
                assertThat(other.frames()).isEqualTo(17);
                assertThat(other.encoding()).isPositive();
            }
        }
    }

    @Test
    void shouldEncodeWhileItsCallerIsElsewhere() throws IOException {
        try (var encoder = new VideoEncoder(8)) {
            // When frames have been handed over and nothing more is called
            encoder.accept(BlobFrames.draw(9, 64, 64));

            // Then the poster comes by itself, on another thread
            await().atMost(PATIENCE).until(() -> Files.exists(encoder.files().poster()));
        }
    }

    @Test
    void shouldRefuseToGoOnWhereAChunkCouldNotBeEncodedAndLeaveNoFile() throws IOException {
        VideoFiles files;
        try (var encoder = new VideoEncoder(8)) {
            files = encoder.files();
            // Given frames without pixels
            encoder.accept(new Frames(1, 0, 0, new byte[0]));

            // When more come, then the caller is told, whether at once or at the end
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> encoder.accept(BlobFrames.draw(1, 64, 64)))
                            .isInstanceOf(VideoEncodingException.class)
                            .hasMessageContaining("frame 0 of 0x0 at 8 fps"));
            assertThatThrownBy(encoder::finish).isInstanceOf(VideoEncodingException.class);
        }
        assertThat(files.directory()).doesNotExist();
    }

    @Test
    void shouldEndWithItsCallerAndLeaveNoFile() throws IOException {
        VideoFiles files;
        try (var encoder = new VideoEncoder(8)) {
            files = encoder.files();
            encoder.accept(BlobFrames.draw(9, 480, 720));
            encoder.accept(BlobFrames.draw(9, 480, 720));
        }
        assertThat(files.directory()).doesNotExist();
        // A pool has ended a moment before its thread has.
        await().atMost(ONE_MINUTE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().equals("video-encoder")));
    }

    @Test
    void shouldRefuseAVideoWithoutFrames() throws IOException {
        try (var encoder = new VideoEncoder(8)) {
            assertThatThrownBy(encoder::finish)
                    .isInstanceOf(VideoEncodingException.class)
                    .hasMessageContaining("no frame has come");
        }
    }

    private static Frames part(Frames all, int start, int count) {
        int frame = 3 * all.height() * all.width();
        return new Frames(
                count,
                all.height(),
                all.width(),
                Arrays.copyOfRange(all.rgb(), start * frame, (start + count) * frame));
    }
}
