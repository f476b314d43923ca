package io.text2video.worker.kernels;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The libtorch that the engine computes with in this process, known before it is loaded.
 *
 * @param version as {@code 2.7.1}
 * @param flavor what it is built for, as DJL calls it: {@code cpu}, or {@code cu128} for CUDA 12.8
 * @param directory where its libraries are; empty for those that come with the application
 */
public record Libtorch(String version, String flavor, Optional<Path> directory) {
    private static final String CUDA = "cu";

    /** Whether it computes on GPUs too. */
    public boolean hasCuda() {
        return flavor.startsWith(CUDA);
    }

    /** The CUDA it is built for, as {@code 12}; empty for a flavor without one. */
    public Optional<Integer> cudaMajor() {
        // cu128 is 12.8, cu118 is 11.8: the last digit is the minor version.
        return flavor.matches("cu\\d{3,}.*") ? Optional.of(Integer.parseInt(flavor.substring(2, 4))) : Optional.empty();
    }

    /** Finds it as DJL does: {@code PYTORCH_LIBRARY_PATH} with its version and flavor, else what is on the class path. */
    public static Libtorch ofThisProcess() {
        Platform bundled = Platform.detectPlatform("pytorch");
        String version = setting("PYTORCH_VERSION").orElse(bundled.getVersion()).replaceFirst("-.*", "");
        Optional<Path> directory = setting("PYTORCH_LIBRARY_PATH").flatMap(Libtorch::find);
        return directory.isPresent()
                ? new Libtorch(version, setting("PYTORCH_FLAVOR").orElse("cpu"), directory)
                : new Libtorch(version, bundled.getFlavor(), Optional.empty());
    }

    private static Optional<Path> find(String directories) {
        return Arrays.stream(directories.split(File.pathSeparator))
                .map(Path::of)
                .filter(directory -> Files.isRegularFile(directory.resolve(System.mapLibraryName("torch"))))
                .findFirst();
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(Utils.getEnvOrSystemProperty(name)).filter(value -> !value.isEmpty());
    }
}
