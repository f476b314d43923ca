package io.text2video.standalone.cli;

import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.app.ServedModelsFlags;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.shelf.LoraDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to draw with: the same flags wherever a model is loaded. */
final class ModelOptions {
    @Mixin
    Checkpoint checkpoint = new Checkpoint();

    @Mixin
    ServedModelsFlags.Loras loras = new ServedModelsFlags.Loras();

    @Mixin
    PipelineFlags pipeline = new PipelineFlags();

    /** Which model. */
    static final class Checkpoint {
        @Option(
                names = "--model",
                paramLabel = "MODEL",
                description = "A checkpoint's directory, or ORG/NAME[@REVISION] of the hub, downloaded before; with"
                        + " --gateway, a model's id. Default: the embedded cogvideox-tiny.")
        String name;

        /** Where it is. */
        ModelLocation location() throws IOException {
            return Text2Video.model(name);
        }
    }

    /** The model that was asked for, else the one that comes with the project. */
    String model() {
        return checkpoint.name == null ? Text2Video.embeddedModel().toString() : checkpoint.name;
    }

    /** Where it is. */
    ModelLocation location() throws IOException {
        return checkpoint.location();
    }

    /**
     * Loads it.
     *
     * @param location from {@link #location}
     * @param more LoRAs beside those of the directory, by name, or in their place
     */
    CogVideoXPipeline load(ModelLocation location, Map<String, Path> more) throws IOException {
        requireThere(more);
        Map<String, Path> files = new HashMap<>();
        if (loras.directory() != null) {
            files.putAll(LoraDirectory.list(loras.directory(), location.id()));
        }
        // Over one of the directory's of that name: this file is what was asked for.
        files.putAll(more);
        PipelineOptions options = pipeline.options();
        options.warning().ifPresent(ProgressDisplay::warn);
        return CogVideoXPipeline.load(location.directory(), files, options);
    }

    /** @throws IOException naming the first LoRA that is no file */
    static void requireThere(Map<String, Path> loraFiles) throws IOException {
        for (Path file : loraFiles.values()) {
            if (!Files.isRegularFile(file)) {
                throw new IOException("no such LoRA: " + file);
            }
        }
    }
}
