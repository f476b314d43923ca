package io.text2video.worker.app;

import java.nio.file.Path;

/** The model of a configuration that names none. */
final class ModelDirectory {
    private static final String HOME = "text2video.home";
    private static final Path DEFAULT = Path.of("models", "cogvideox-tiny");

    private ModelDirectory() {}

    /** The small checkpoint that comes with the fleet. */
    static String ofTheFleet() {
        return Path.of(System.getProperty(HOME, "")).resolve(DEFAULT).toString();
    }
}
