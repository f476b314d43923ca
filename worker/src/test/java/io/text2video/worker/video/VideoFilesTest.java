package io.text2video.worker.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoFilesTest {
    private static final InputStream BROKEN = new InputStream() {
        @Override
        public int read() throws IOException {
            throw new IOException("the connection is gone");
        }
    };

    @TempDir
    Path directory;

    private VideoFiles files;

    @BeforeEach
    void make() throws IOException {
        files = VideoFiles.make(directory);
    }

    @AfterEach
    void shouldLeaveNothing() throws IOException {
        files.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldTakeAStreamOverWhatAnotherOneLeft() throws IOException {
        files.takeInput(stream("the first part of a long video"), () -> {});

        files.takeInput(stream("a video"), () -> {});

        assertThat(files.input()).hasContent("a video");
    }

    @Test
    void shouldEndWhenTheCallerSaysSo() {
        assertThatThrownBy(() -> files.takeInput(stream("a video"), () -> {
                    throw new CancellationException("not wanted");
                }))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void shouldTellAFullDiskFromAStreamThatBreaks() throws IOException {
        assertThatThrownBy(() -> files.takeInput(BROKEN, () -> {})).hasMessage("the connection is gone");
        Files.delete(files.input());
        Files.createSymbolicLink(files.input(), Path.of("/dev/full"));
        assertThatThrownBy(() -> files.takeInput(stream("a video"), () -> {})).isInstanceOf(DiskFullException.class);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
