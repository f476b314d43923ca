package io.text2video.worker.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingFullDiskTest {
    @TempDir
    Path directory;

    @Test
    void shouldSayThatTheDiskIsFullAndLeaveNothing() throws Exception {
        Path files;
        try (var encoder = new VideoEncoder(8)) {
            files = encoder.files().directory();
            Files.createSymbolicLink(encoder.files().mp4(), Path.of("/dev/full"));
            encoder.accept(BlobFrames.draw(4, 64, 64));

            assertThatThrownBy(encoder::finish)
                    .isInstanceOf(DiskFullException.class)
                    .hasMessageContaining("error -28");
        }
        assertThat(files).doesNotExist();
    }

    @Test
    void shouldRefuseAFileThatIsCutOffAnywhere() throws Exception {
        // Given a video
        byte[] whole;
        try (var encoder = new VideoEncoder(8)) {
            encoder.accept(BlobFrames.draw(9, 64, 64));
            try (EncodedVideo video = encoder.finish()) {
                whole = Files.readAllBytes(video.mp4());
            }
        }
        Path file = directory.resolve("video.mp4");
        Files.write(file, whole);
        Mp4Boxes.requireWhole(file);

        // When it is shorter, by however much
        for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 500)) {
            Files.write(file, Arrays.copyOf(whole, length));

            // Then it is none
            assertThatThrownBy(() -> Mp4Boxes.requireWhole(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut off");
        }
    }
}
