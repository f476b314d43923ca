package io.text2video.worker.shelf;

import io.text2video.worker.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** LoRAs as {@code DIRECTORY/MODEL/LORA.safetensors}: the file's name, less its ending, is what requests name it by. */
public final class LoraDirectory {
    /** As requests may spell them. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,255}");

    private static final String SUFFIX = ".safetensors";

    private LoraDirectory() {}

    /**
     * Lists a model's LoRAs; none when there is no directory for it.
     *
     * @param model the model's id; where it has a slash, so has the path
     * @return id to file
     * @throws IOException when {@code directory} is none, a name cannot be requested, or a file is not safetensors
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
                    .toList();
        }
        Map<String, Path> loras = new TreeMap<>();
        for (Path file : files) {
            SafetensorsFile.read(file);
            loras.put(id(file), file);
        }
        return loras;
    }

    private static String id(Path file) throws IOException {
        String name = file.getFileName().toString();
        String id = name.substring(0, name.length() - SUFFIX.length());
        if (!ID.matcher(id).matches()) {
            throw new IOException(
                    "the LoRA %s cannot be requested by its name: rename it to 1 to 256 letters, digits, '.', '_' and '-', the first a letter or digit"
                            .formatted(file));
        }
        return id;
    }
}
