package io.text2video.worker.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checkpoint a worker loads: the configured one, else the small one that comes with the fleet. */
final class ModelDirectory {
    private static final String HOME = "text2video.home";
    private static final Path DEFAULT = Path.of("models", "cogvideox-tiny");

    private ModelDirectory() {}

    /** @throws IOException when there is no such directory */
    static Path of(WorkerConfig config) throws IOException {
        Path directory = config.model()
                .orElseGet(() -> Path.of(System.getProperty(HOME, "")).resolve(DEFAULT));
        if (!Files.isDirectory(directory)) {
            throw new IOException("there is no model directory %s; --model or WORKER_MODEL names another"
                    .formatted(directory.toAbsolutePath()));
        }
        return directory;
    }
}
