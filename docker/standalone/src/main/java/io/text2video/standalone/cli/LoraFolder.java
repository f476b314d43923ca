package io.text2video.standalone.cli;

import io.text2video.standalone.fleet.DataDirectory;
import io.text2video.worker.lora.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A worker's LoRA directory: the one that was named, or one of links to single files that goes when this is closed. */
final class LoraFolder implements AutoCloseable {
    private final Path named;
    private final DataDirectory links;

    /** @throws IOException when a file is not there, or both are given */
    LoraFolder(Map<String, Path> files, ModelOptions model) throws IOException {
        named = model.loras.directoryOrVariable().orElse(null);
        if (files.isEmpty()) {
            links = null;
            return;
        }
        if (named != null) {
            throw new IOException(
                    "with --loras or WORKER_LORAS a LoRA is named by its name, not by its file: " + files.keySet());
        }
        ModelOptions.requireThere(files);
        String id = model.location().id();
        links = new DataDirectory(null);
        Path folder = Files.createDirectories(links.path().resolve(id));
        for (Map.Entry<String, Path> lora : files.entrySet()) {
            Files.createSymbolicLink(
                    folder.resolve(lora.getKey() + LoraArgument.SUFFIX),
                    lora.getValue().toAbsolutePath());
            Path recipe = RecipeFile.of(lora.getValue());
            if (Files.exists(recipe)) {
                Files.createSymbolicLink(folder.resolve(lora.getKey() + ".json"), recipe.toAbsolutePath());
            }
        }
    }

    Optional<Path> path() {
        return Optional.ofNullable(links == null ? named : links.path());
    }

    @Override
    public void close() throws IOException {
        if (links != null) {
            links.close();
        }
    }
}
