package io.text2video.worker.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint's {@code model_index.json}: which pipeline it is and which class serves each component.
 *
 * @param className diffusers' pipeline class
 * @param components component (its folder's name) to its class
 */
public record ModelIndex(String className, Map<String, Component> components) {
    public static final String FILE_NAME = "model_index.json";

    private static final String IMAGE_TO_VIDEO = "CogVideoXImageToVideoPipeline";
    private static final List<String> PIPELINES = List.of("CogVideoXPipeline", IMAGE_TO_VIDEO);

    /** What each component may be. The tokenizer's fast class reads the same files and yields the same ids. */
    private static final Map<String, List<String>> CLASSES = new TreeMap<>(Map.of(
            "tokenizer", List.of("T5Tokenizer", "T5TokenizerFast"),
            "text_encoder", List.of("T5EncoderModel"),
            "transformer", List.of("CogVideoXTransformer3DModel"),
            "vae", List.of("AutoencoderKLCogVideoX"),
            "scheduler", SchedulerConfig.CLASSES));

    /**
     * The class that serves a component.
     *
     * @param library the Python package that holds the class, such as {@code diffusers}
     */
    public record Component(String library, String className) {}

    public ModelIndex {
        components = Map.copyOf(components);
    }

    /** Whether the pipeline starts from an image; else it starts from noise alone. */
    public boolean imageToVideo() {
        return className.equals(IMAGE_TO_VIDEO);
    }

    /** The scheduler that the checkpoint was published with, one of {@link SchedulerConfig#CLASSES}. */
    public String schedulerClass() {
        return components.get("scheduler").className();
    }

    /**
     * Reads a checkpoint's index.
     *
     * @throws InvalidCheckpointException when the pipeline or a component's class is not one this engine runs
     * @throws IOException when the file cannot be read
     */
    public static ModelIndex read(Path modelDirectory) throws IOException {
        ConfigFile file = ConfigFile.open(modelDirectory.resolve(FILE_NAME))
                .require("_class_name")
                .writtenBy("_class_name", PIPELINES);
        Map<String, Component> components = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> entry : CLASSES.entrySet()) {
            String name = entry.getKey();
            JsonNode pair = file.require(name).json().get(name);
            if (!pair.isArray()
                    || pair.size() != 2
                    || !pair.get(0).isTextual()
                    || !pair.get(1).isTextual()) {
                throw file.refuse(name, "must be a pair of library and class");
            }
            Component component =
                    new Component(pair.get(0).asText(), pair.get(1).asText());
            if (!entry.getValue().contains(component.className())) {
                throw file.refuse(name, "must be of class " + String.join(" or ", entry.getValue()));
            }
            components.put(name, component);
        }
        return new ModelIndex(file.json().get("_class_name").asText(), components);
    }
}
