package io.text2video.worker.state;

import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names computations, as {@link Checkpoints} wants them. What a name is made of: the checkpoint's files; how they are
 * loaded and computed; and what else decides a generation's latents. A model that lies elsewhere is the
 * same. For one thread.
 */
public final class Computation {
    /** Raised when the Java side of the engine comes to other bits than before. */
    private static final int ENGINE = 2;

    private static final int DIGITS = 16;
    private static final List<String> PARTS =
            List.of("model_index.json", "tokenizer", "text_encoder", "transformer", "vae", "scheduler");

    private final Path modelDirectory;
    private final Map<String, ?> loaded;
    private String model;

    /**
     * Looks at no file yet.
     *
     * @param loaded how the checkpoint is loaded and computed: its dtype, and what {@code Kernels.arithmetic} says
     */
    public Computation(Path modelDirectory, Map<String, ?> loaded) {
        this.modelDirectory = modelDirectory;
        this.loaded = new TreeMap<>(loaded);
    }

    /**
     * The name of a generation.
     *
     * @param decisive all else that decides its latents bit by bit
     */
    public String of(Map<String, ?> decisive) {
        StringBuilder text = new StringBuilder();
        add(text, "engine", ENGINE);
        add(text, "model", model());
        loaded.forEach((key, value) -> add(text, key, value));
        new TreeMap<>(decisive).forEach((key, value) -> add(text, key, value));
        return digest(text).substring(0, DIGITS);
    }

    /** How the checkpoint is loaded and computed, by the names of its parts. */
    public Map<String, String> loaded() {
        Map<String, String> all = new TreeMap<>();
        loaded.forEach((key, value) -> all.put(key, value.toString()));
        all.put("engine", Integer.toString(ENGINE));
        return all;
    }

    /**
     * The checkpoint's files, a SHA-256 in hex of their headers and of samples of what they hold. Looked at once, when it is first
     * asked for.
     *
     * @throws UncheckedIOException when one cannot be read
     */
    public String model() {
        if (model == null) {
            StringBuilder text = new StringBuilder();
            for (String part : PARTS) {
                for (Path file : files(modelDirectory.resolve(part))) {
                    try {
                        add(text, modelDirectory.relativize(file).toString(), Digests.sample(file));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            model = digest(text);
        }
        return model;
    }

    /** Hidden files are none of the model's: a download keeps them for a moment. */
    private static List<Path> files(Path part) {
        try {
            return FileTree.filesThroughLinks(part, 1).stream()
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value's length tells values apart whatever they contain. */
    private static void add(StringBuilder text, String key, Object value) {
        String said = value.toString();
        text.append(key)
                .append(' ')
                .append(said.length())
                .append('=')
                .append(said)
                .append('\n');
    }

    private static String digest(StringBuilder text) {
        return Digests.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
