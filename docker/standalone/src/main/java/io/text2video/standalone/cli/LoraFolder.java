package io.text2video.standalone.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A worker's LoRA directory: the one that was named, or one of links to single files that goes when this is closed. */
final class LoraFolder implements AutoCloseable {
    private final Path named;
    private final Path links;

    /** @throws IOException when a file is not there, or both are given */
    LoraFolder(Map<String, Path> files, ModelOptions model) throws IOException {
        named = model.loras;
        if (files.isEmpty()) {
            links = null;
            return;
        }
        if (named != null) {
            throw new IOException("with --loras a LoRA is named by its name, not by its file: " + files.keySet());
        }
        links = Files.createTempDirectory("text2video-loras-");
        Path folder = Files.createDirectories(links.resolve(model.location().id()));
        for (Map.Entry<String, Path> lora : files.entrySet()) {
            if (!Files.isRegularFile(lora.getValue())) {
                throw new IOException("no such LoRA: " + lora.getValue());
            }
            Files.createSymbolicLink(
                    folder.resolve(lora.getKey() + LoraArgument.SUFFIX),
                    lora.getValue().toAbsolutePath());
        }
    }

    Optional<Path> path() {
        return Optional.ofNullable(links == null ? named : links);
    }

    @Override
    public void close() throws IOException {
        if (links != null) {
            try (Stream<Path> entries = Files.walk(links)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
        }
    }
}
