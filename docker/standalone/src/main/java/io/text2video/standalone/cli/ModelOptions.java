package io.text2video.standalone.cli;

import io.text2video.common.model.LoraRecipe;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.app.ServedModelsFlags;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.lora.RecipeFile;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.shelf.LoraDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
                        + " --gateway, a model's id. Default: the first of WORKER_MODELS, else the embedded"
                        + " cogvideox-tiny.")
        String name;

        /** Where it is. */
        ModelLocation location() throws IOException {
            return Text2VideoCommand.model(name);
        }
    }

    /** The model that was asked for, else the first that the environment names, else the one that comes with the project. */
    String model(FleetConfiguration given) {
        return checkpoint.name == null ? Text2VideoCommand.defaultModel(given) : checkpoint.name;
    }

    /** Where it is. */
    ModelLocation location() throws IOException {
        return checkpoint.location();
    }

    /**
     * Loads it, after a look at whether it can draw what is asked for.
     *
     * @param location from {@link #location}
     * @throws io.text2video.common.model.InvalidGenerationException when it cannot
     */
    CogVideoXPipeline load(ModelLocation location, GenerationOptions generation) throws IOException {
        Map<String, Path> files = loraFiles(location, generation);
        PipelineOptions options = pipeline.options();
        generation.requireServed(ModelDescription.check(location.directory(), options), files.keySet());
        options.warning().ifPresent(ProgressDisplay::warn);
        return CogVideoXPipeline.load(location.directory(), files, options);
    }

    /**
     * What the LoRAs were trained to be drawn with, by their names; of those that say so. To be asked for before {@link #load},
     * which may take long.
     *
     * @throws IOException naming a LoRA that is no file, or a recipe that cannot be used
     */
    Map<String, LoraRecipe> recipes(ModelLocation location, GenerationOptions generation) throws IOException {
        return RecipeFile.read(loraFiles(location, generation));
    }

    private Map<String, Path> loraFiles(ModelLocation location, GenerationOptions generation) throws IOException {
        Map<String, Path> given = generation.loraFiles();
        requireThere(given);
        Map<String, Path> files = new HashMap<>();
        Optional<Path> directory = loras.directoryOrVariable();
        if (directory.isPresent()) {
            files.putAll(LoraDirectory.list(directory.get(), location.id()));
        }
        // Over one of the directory's of that name: this file is what was asked for.
        files.putAll(given);
        return files;
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
