package io.text2video.worker.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a worker serves: the same flags wherever one is started. */
public final class ServedModelsFlags {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "A checkpoint's directory, or ORG/NAME[@REVISION] of the hub, downloaded before; may be"
                    + " repeated, the first is what a request gets that names none (a worker's WORKER_MODELS, with"
                    + " commas between; models/cogvideox-tiny).")
    List<String> models = new ArrayList<>();

    @Option(
            names = "--loaded-models",
            paramLabel = "N",
            description = "How many models stay loaded at once (a worker's WORKER_LOADED_MODELS; all).")
    Integer loadedModels;

    @Mixin
    Loras loras = new Loras();

    /** LoRAs that are drawn with by their names. */
    public static final class Loras {
        @Option(
                names = "--loras",
                paramLabel = "DIR",
                description = "LoRAs to draw with by their names, as DIR/MODEL/LORA.safetensors (a worker's"
                        + " WORKER_LORAS; none).")
        Path directory;

        /** By the flag alone; null for none. */
        public Path directory() {
            return directory;
        }

        /** By the flag, or by the variable that a worker reads. */
        public Optional<Path> directoryOrVariable() {
            return Optional.ofNullable(directory).or(() -> Optional.ofNullable(System.getenv("WORKER_LORAS"))
                    .filter(text -> !text.isBlank())
                    .map(Path::of));
        }
    }

    /** What was given by the flag; empty for none. */
    public List<String> models() {
        return List.copyOf(models);
    }

    /** What was given, as properties of {@link WorkerConfig}. */
    public Map<String, String> settings() {
        Map<String, String> settings = settings(models);
        if (loadedModels != null) {
            settings.put("worker.loaded-models", loadedModels.toString());
        }
        if (loras.directory != null) {
            settings.put("worker.loras", loras.directory.toString());
        }
        return settings;
    }

    /** Properties of {@link WorkerConfig#models()}, each model under its own: a directory's name may hold a comma. */
    public static Map<String, String> settings(List<String> models) {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < models.size(); i++) {
            settings.put("worker.models[%d]".formatted(i), models.get(i));
        }
        return settings;
    }
}
