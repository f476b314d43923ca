package io.text2video.worker.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * A checkpoint's {@code model_index.json}: which pipeline it is and which class serves each component. As in diffusers,
 * these are the classes that run, whatever a component's own config names.
 *
 * @param className diffusers' pipeline class
 * @param components component (its folder's name) to its class
 */
public record ModelIndex(String className, Map<String, Component> components) {
    public static final String FILE_NAME = "model_index.json";

    private static final Logger LOG = Logger.getLogger(ModelIndex.class);

    /** The pipeline that draws along a control video. */
    public static final String FUN_CONTROL = "CogVideoXFunControlPipeline";

    private static final String TEXT_TO_VIDEO = "CogVideoXPipeline";
    private static final String IMAGE_TO_VIDEO = "CogVideoXImageToVideoPipeline";
    private static final List<String> PIPELINES = List.of(TEXT_TO_VIDEO, IMAGE_TO_VIDEO, FUN_CONTROL);
    private static final String FAST_TOKENIZER = "T5TokenizerFast";

    /** What each component may be. */
    private static final Map<String, List<Component>> CLASSES = new TreeMap<>(Map.of(
            "tokenizer", List.of(transformers("T5Tokenizer"), transformers(FAST_TOKENIZER)),
            "text_encoder", List.of(transformers("T5EncoderModel")),
            "transformer", List.of(diffusers(TransformerConfig.CLASS)),
            "vae", List.of(diffusers(VaeConfig.CLASS)),
            "scheduler", List.of(diffusers(SchedulerConfig.DDIM), diffusers(SchedulerConfig.DPM))));

    /**
     * The class that serves a component.
     *
     * @param library the Python package that holds the class, such as {@code diffusers}
     */
    public record Component(String library, String className) {
        @Override
        public String toString() {
            return library + "." + className;
        }
    }

    public ModelIndex {
        components = Map.copyOf(components);
    }

    /** Whether the pipeline starts from an image; else it starts from noise alone. */
    public boolean imageToVideo() {
        return className.equals(IMAGE_TO_VIDEO);
    }

    /** Whether the pipeline draws along a control video. */
    public boolean funControl() {
        return className.equals(FUN_CONTROL);
    }

    /**
     * The same as the pipeline that runs. CogVideoX Fun's control models are told by their transformer where their index names
     * the text-to-video pipeline, which has nothing for the second half of its channels: diffusers opens them by the class
     * that it is asked for, whatever their index says.
     *
     * @throws UnsupportedCheckpointException when diffusers' control pipeline cannot run it
     */
    public ModelIndex running(TransformerConfig transformer) throws UnsupportedCheckpointException {
        ModelIndex running = this;
        if (className.equals(TEXT_TO_VIDEO) && transformer.takesControl()) {
            LOG.warnf(
                    "%s names %s, and is read as of %s, as the transformer takes %d channels and makes %d",
                    FILE_NAME, className, FUN_CONTROL, transformer.inChannels(), transformer.outChannels());
            running = new ModelIndex(FUN_CONTROL, components);
        }
        if (running.funControl()) {
            // diffusers calls the scheduler with what DDIM's step takes, and the transformer without ofs.
            if (!schedulerClass().equals(SchedulerConfig.DDIM)) {
                throw new UnsupportedCheckpointException(
                        "scheduler", schedulerClass(), "%s for a %s".formatted(SchedulerConfig.DDIM, FUN_CONTROL));
            }
            if (transformer.ofsEmbedDim() != null) {
                throw new UnsupportedCheckpointException(
                        "ofs_embed_dim", transformer.ofsEmbedDim(), "none for a " + FUN_CONTROL);
            }
        }
        return running;
    }

    /** The scheduler that runs, one of {@link SchedulerConfig#CLASSES}. */
    public String schedulerClass() {
        return components.get("scheduler").className();
    }

    /** Whether the tokenizer is transformers' fast one, which reads {@code tokenizer.json} where both that and a SentencePiece model are there. */
    public boolean fastTokenizer() {
        return components.get("tokenizer").className().equals(FAST_TOKENIZER);
    }

    /**
     * Reads a checkpoint's index.
     *
     * @throws InvalidCheckpointException when the pipeline or a component's class is not one this engine runs
     * @throws UnsupportedCheckpointException when it is CogVideoX Fun's pipeline that paints into a video
     * @throws IOException when the file cannot be read
     */
    public static ModelIndex read(Path modelDirectory) throws IOException {
        ConfigFile file = ConfigFile.open(modelDirectory.resolve(FILE_NAME)).require("_class_name");
        String named = file.json().get("_class_name").asText();
        if (named.contains("Inpaint")) {
            throw new UnsupportedCheckpointException("_class_name", named, TransformerConfig.NO_INPAINTING);
        }
        file.oneOf("_class_name", PIPELINES);
        Map<String, Component> components = new LinkedHashMap<>();
        for (Map.Entry<String, List<Component>> entry : CLASSES.entrySet()) {
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
            if (!entry.getValue().contains(component)) {
                String known =
                        entry.getValue().stream().map(Component::toString).collect(Collectors.joining(" or "));
                throw file.refuse(name, "must be " + known);
            }
            components.put(name, component);
        }
        return new ModelIndex(file.json().get("_class_name").asText(), components);
    }

    private static Component transformers(String className) {
        return new Component("transformers", className);
    }

    private static Component diffusers(String className) {
        return new Component("diffusers", className);
    }
}
