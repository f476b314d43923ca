package io.text2video.worker.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a video and its poster are put: a temporary directory, which goes with them when this is closed. */
record VideoFiles(Path directory) implements AutoCloseable {
    static VideoFiles make() throws IOException {
        return new VideoFiles(Files.createTempDirectory(
                LeftBehind.PREFIX + ProcessHandle.current().pid() + "-"));
    }

    Path mp4() {
        return directory.resolve("video.mp4");
    }

    Path poster() {
        return directory.resolve("poster.png");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(mp4());
        Files.deleteIfExists(poster());
        Files.deleteIfExists(directory);
    }
}
