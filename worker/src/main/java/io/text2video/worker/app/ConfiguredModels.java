package io.text2video.worker.app;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.hub.HubException;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.lora.RecipeFile;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.prompt.PromptEnhancer;
import io.text2video.worker.shelf.CogVideoXLoader;
import io.text2video.worker.shelf.LoraDirectory;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.PipelineLoader;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The models that the configuration names, each looked at, so that a worker with a broken one does not start. */
public final class ConfiguredModels {
    private static final Logger LOG = Logger.getLogger(ConfiguredModels.class);

    /** As requests may spell them. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");

    private static final int ABOVE_ALL = 1000;
    private static final int LONGEST_ID = 256;
    private static final String HOME = "text2video.home";
    private static final Path OF_THE_FLEET = Path.of("models", "cogvideox-tiny");

    private ConfiguredModels() {}

    /**
     * All of them, of which the preferred one is loaded. Settles threads and device of this process.
     *
     * @param loader looks at them
     * @param watched loads them
     * @param interruption asked before each weight that is loaded
     * @throws io.text2video.worker.device.NoSuchDeviceException when a GPU is asked for that cannot be used
     * @throws IOException as {@link #check} does, and when the preferred one does not load
     */
    static ModelShelf shelf(
            WorkerConfig config, PipelineLoader loader, PipelineLoader watched, Interruption interruption)
            throws IOException {
        config.threads()
                .ifPresent(threads -> System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads)));
        DeviceChoice device = config.chosenDevice();
        LOG.infof("device chosen device=%s reason=%s", device, device.reason());
        List<ServedModel> models = check(config, loader, System.getenv());
        ModelShelf shelf = new ModelShelf(models, config.loadedModels().orElse(models.size()), watched);
        shelf.pipeline(shelf.preferred(), interruption);
        LOG.infof("models served models=%s", shelf.ids());
        return shelf;
    }

    /**
     * Finds and checks those of a worker that were started here with these properties, at the cost of some milliseconds each: no
     * weights are loaded.
     *
     * @param settings of {@link WorkerConfig}; they win over the environment
     * @throws io.text2video.worker.device.NoSuchDeviceException when a GPU is asked for that cannot be used
     * @throws IOException naming the first model that cannot be served, and why
     */
    public static List<ServedModel> check(Map<String, String> settings) throws IOException {
        WorkerConfig config = config(settings);
        return check(config, new CogVideoXLoader(config::pipelineOptions), System.getenv());
    }

    /**
     * What a worker that were started here would write prompts out with.
     *
     * @throws IllegalArgumentException naming a variable that is missing or of no use
     */
    public static Optional<PromptEnhancer> promptEnhancer() {
        return config(Map.of()).enhancer().promptEnhancer();
    }

    private static WorkerConfig config(Map<String, String> settings) {
        return ConfigUtils.configBuilder()
                .withMapping(WorkerConfig.class)
                .withSources(new PropertiesConfigSource(settings, "settings", ABOVE_ALL))
                .build()
                .getConfigMapping(WorkerConfig.class);
    }

    /**
     * Finds and checks them.
     *
     * @param environment the process's variables, which say where the hub's cache is
     * @throws IOException naming the first model that cannot be served, and why
     */
    static List<ServedModel> check(WorkerConfig config, PipelineLoader loader, Map<String, String> environment)
            throws IOException {
        List<ServedModel> models = new ArrayList<>();
        for (String name : config.models().orElseGet(ConfiguredModels::ofTheFleet)) {
            ModelLocation location = locate(name, environment);
            Path directory = location.directory().toAbsolutePath().normalize();
            models.add(check(location.id(), directory, config, loader));
        }
        return models;
    }

    /** The small checkpoint that comes with it. */
    private static List<String> ofTheFleet() {
        return List.of(
                Path.of(System.getProperty(HOME, "")).resolve(OF_THE_FLEET).toString());
    }

    private static ModelLocation locate(String name, Map<String, String> environment) throws IOException {
        try {
            return ModelLocation.resolve(name, environment);
        } catch (HubException e) {
            throw new IOException(e.getMessage() + " (it is named by --model or WORKER_MODELS)", e);
        }
    }

    private static ServedModel check(String id, Path directory, WorkerConfig config, PipelineLoader loader)
            throws IOException {
        if (id.length() > LONGEST_ID || !ID.matcher(id).matches()) {
            throw new IOException(
                    "the model in %s cannot be requested by its name: rename it to at most %d letters, digits, '.', '_' and '-', the first a letter or digit"
                            .formatted(directory, LONGEST_ID));
        }
        ModelDescription description;
        try {
            description = loader.check(directory);
        } catch (IOException | RuntimeException e) {
            throw new IOException("the model %s cannot be served: %s".formatted(id, e.getMessage()), e);
        }
        Map<String, Path> loras =
                config.loras().isPresent() ? LoraDirectory.list(config.loras().get(), id) : Map.of();
        ModelLimits limits = description
                .limits()
                .within(
                        description.defaults(),
                        config.maxPixels().orElse(0),
                        config.maxFrames().orElse(0),
                        config.maxJobTime());
        return new ServedModel(
                id,
                directory,
                loader.inMemory(directory, description.within(limits)),
                loras,
                RecipeFile.read(loras),
                config.enhancer().url().isPresent());
    }
}
