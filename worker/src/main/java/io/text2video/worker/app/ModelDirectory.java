package io.text2video.worker.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a model that the configuration names lies. */
final class ModelDirectory {
    private static final String HOME = "text2video.home";
    private static final Path DEFAULT = Path.of("models", "cogvideox-tiny");

    private ModelDirectory() {}

    /** The small checkpoint that comes with the fleet. */
    static String ofTheFleet() {
        return Path.of(System.getProperty(HOME, "")).resolve(DEFAULT).toString();
    }

    /** @throws IOException when there is no such directory */
    static Path of(String model) throws IOException {
        Path directory = Path.of(model).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new IOException(
                    "there is no model directory %s; --model or WORKER_MODELS names others".formatted(directory));
        }
        return directory;
    }
}
