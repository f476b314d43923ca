package io.text2video.worker.shelf;

import io.text2video.common.model.LoraScale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * LoRAs as {@code DIRECTORY/MODEL/LORA.safetensors}: the file's name, less its ending, is what requests name it by. Beside it may
 * lie its {@link io.text2video.worker.lora.RecipeFile}.
 */
public final class LoraDirectory {
    private static final String SUFFIX = ".safetensors";

    private LoraDirectory() {}

    /**
     * Lists a model's LoRAs; none when there is no directory for it. The files are not looked into: one that is damaged
     * fails the jobs that ask for it, not a worker that can do all others. Hidden files are none.
     *
     * @param model the model's id; where it has a slash, so has the path
     * @return id to file
     * @throws IOException when {@code directory} is none, a name cannot be requested, or two are spelled alike
     */
    public static Map<String, Path> list(Path directory, String model) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(
                    "there is no LoRA directory %s; --loras or WORKER_LORAS names it".formatted(directory));
        }
        Path ofModel = directory.resolve(model);
        if (!Files.isDirectory(ofModel)) {
            return Map.of();
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(ofModel)) {
            files = entries.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        Map<String, Path> loras = new TreeMap<>();
        for (Path file : files) {
            String id = id(file).orElseThrow(() -> unspeakable(file));
            Path other = loras.put(id, file);
            if (other != null) {
                throw new IOException(
                        "the LoRAs %s and %s have one name in two encodings: rename one".formatted(other, file));
            }
        }
        return loras;
    }

    /**
     * What requests name a LoRA by: its file's name without the ending, composed as keyboards write it, where file systems
     * may keep letters and accents apart.
     *
     * @param file whose name ends in {@code .safetensors}
     * @return empty where no request can spell it
     */
    public static Optional<String> id(Path file) {
        String name = file.getFileName().toString();
        String id = Normalizer.normalize(name.substring(0, name.length() - SUFFIX.length()), Form.NFC);
        return Optional.of(id).filter(text -> text.matches(LoraScale.ID) && text.length() <= LoraScale.LONGEST_ID);
    }

    private static IOException unspeakable(Path file) {
        return new IOException(
                "the LoRA %s cannot be requested by its name: rename it to 1 to %d characters without line breaks, tabs, '/' and '\\'"
                        .formatted(file, LoraScale.LONGEST_ID));
    }
}
