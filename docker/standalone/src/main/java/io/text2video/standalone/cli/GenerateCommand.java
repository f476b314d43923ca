package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.process.ClassArchive;
import io.text2video.standalone.client.GatewayClient;
import io.text2video.standalone.fleet.EmbeddedFleet;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.standalone.fleet.FleetOptions;
import io.text2video.worker.app.ConfiguredModels;
import io.text2video.worker.app.ServedModelsFlags;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a prompt to a video file, over the whole fleet. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Draws a video from a prompt: on a fleet of its own, or on one that runs.",
        footer = {
            "",
            "Examples:",
            "  text2video generate \"a blue square moving up on a gray background\" -o square.mp4 --seed 7",
            "  text2video generate \"a red ball moving left on a black background\" --gateway http://localhost:8080",
            "  text2video generate --file prompts.jsonl -o videos",
            "",
            "Each line of a file is a request as of POST /v1/videos, such as {\"prompt\": \"a red ball\", \"seed\": 7}; options"
                    + " hold for those that do not say otherwise. Run again, it goes on: videos that are there stay.",
            "Ctrl-C cancels the job, on a fleet that runs too; with --data, it stays there for the next fleet.",
            "A file is not overwritten without --force."
        })
final class GenerateCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "What to draw.")
    String prompt;

    @Option(names = "--file", paramLabel = "FILE.jsonl", description = "Draw a video for each line of a file.")
    Path file;

    @Mixin
    SharedOptions.Output output = new SharedOptions.Output();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    SharedOptions.Gateway gateway = new SharedOptions.Gateway();

    @Option(names = "--direct", description = "Run the pipeline alone: no broker, no store, no gateway.")
    boolean direct;

    @Mixin
    VideoFileOptions videos = new VideoFileOptions();

    @Mixin
    SharedOptions.Data data = new SharedOptions.Data();

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Mixin
    GenerationOptions generation = new GenerationOptions();

    @Mixin
    EnhancementOptions enhancement = new EnhancementOptions();

    @Mixin
    RecipeOptions recipe = new RecipeOptions();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        generation.videos = videos;
        checkUsage();
        if (file != null) {
            return drawAll();
        }
        Path video = output.file("video.mp4");
        try (var stages = new StageDisplay()) {
            videos.requireReadable(direct);
            if (direct) {
                var wanted =
                        new DirectGeneration.Wanted(prompt, enhancement.drawn(prompt), generation, recipe.isWanted());
                return new DirectGeneration(model, stages).run(wanted, video, report());
            }
            if (gateway.url != null) {
                return submit(gateway.client(), request(model.checkpoint.name), video, stages);
            }
            generation.requireValid(prompt, spec);
            Map<String, Object> request = request(null);
            return onAFleetOfItsOwn(stages, client -> submit(client, request, video, stages));
        }
    }

    /** What is to be done with the fleet. */
    private interface Work {
        int with(GatewayClient client) throws Exception;
    }

    private int drawAll() throws Exception {
        String name = file.getFileName().toString();
        Path directory =
                output.directory(name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name + ".videos");
        ObjectNode others = SharedOptions.Json.tree(requested());
        if (gateway.url != null && model.checkpoint.name != null) {
            others.put("model", model.checkpoint.name);
        }
        SortedMap<Integer, ObjectNode> requests = BatchGeneration.read(file, others);
        try (var stages = new StageDisplay()) {
            Work drawing =
                    client -> JobWatch.orExit(stages, () -> "interrupted: run the same again for the rest", () -> {
                        new BatchGeneration(client, stages, report(), directory).run(requests);
                        return 0;
                    });
            return gateway.url == null ? onAFleetOfItsOwn(stages, drawing) : drawing.with(gateway.client());
        }
    }

    private void checkUsage() {
        if ((prompt == null) == (file == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    file == null
                            ? "Missing required parameter: 'PROMPT'; or name a file of them with --file"
                            : "PROMPT and --file exclude each other");
        }
        if (file != null && (direct || generation.image != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    direct
                            ? "--direct and --file exclude each other"
                            : "--image and --file exclude each other: a line names an image by its key in the bucket");
        }
        if (file != null) {
            videos.checkBatchUsage(spec);
        }
        videos.checkUsage(generation.image != null, spec);
        if (direct && gateway.url != null) {
            throw new ParameterException(spec.commandLine(), "--direct and --gateway exclude each other");
        }
        if (gateway.url != null
                && (model.loras.directory() != null
                        || !model.pipeline.settings().isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--loras, --device, --dtype, --quantization, --vae-tiling and --memory are the workers': not with --gateway");
        }
        if (gateway.url != null && !generation.loraFiles().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "with --gateway a LoRA is one of the fleet's, by its name: "
                            + generation.loraFiles().keySet());
        }
    }

    /** What its worker or its gateway would refuse is refused before they are started. */
    private int onAFleetOfItsOwn(StageDisplay stages, Work work) throws Exception {
        stages.stage("engine");
        var given = new FleetConfiguration();
        try (var files = new LoraFolder(generation.loraFiles(), model)) {
            FleetOptions options = fleetOptions(files.path(), given);
            ServedModel drawn = ConfiguredModels.check(options.settings()).get(0);
            generation.requireServed(drawn.description(), drawn.loras().keySet());
            enhancement.requireServed(drawn.enhancesPrompts());
            try (var fleet = new EmbeddedFleet(options, given, stages)) {
                work.with(new GatewayClient(fleet.gateway()));
            }
            if (ClassArchive.isWanted()) {
                spec.commandLine().getErr().println("text2video: keeps the loaded classes: the next start is faster");
                ClassArchive.keep("standalone");
            }
            return 0;
        }
    }

    /** A fleet for one job, on any free ports. */
    FleetOptions fleetOptions(Optional<Path> loras, FleetConfiguration given) {
        Map<String, String> settings = new HashMap<>(ServedModelsFlags.settings(List.of(model.model(given))));
        loras.ifPresent(path -> settings.put("worker.loras", path.toString()));
        settings.putAll(model.pipeline.settings());
        if (given.given("worker.retries").isEmpty()) {
            // Somebody waits for this one job: a failure is told at once.
            settings.put("worker.retries", "0");
        }
        if (given.given("worker.previews").isEmpty()) {
            // Nobody looks, and a model's first load would take seconds longer for them.
            settings.put("worker.previews", "false");
        }
        return new FleetOptions(data.directory, "127.0.0.1", 0, 0, 0, 0, FleetOptions.Console.NOTHING, settings);
    }

    private Map<String, Object> requested() throws IOException {
        Map<String, Object> request = new HashMap<>(generation.asRequest());
        enhancement.addTo(request);
        recipe.addTo(request);
        videos.addTo(request);
        return request;
    }

    private Map<String, Object> request(String modelId) throws IOException {
        Map<String, Object> request = requested();
        request.put("prompt", prompt);
        if (modelId != null) {
            request.put("model", modelId);
        }
        return request;
    }

    private int submit(GatewayClient client, Map<String, Object> request, Path video, StageDisplay stages)
            throws Exception {
        var watch = new JobWatch(client, stages);
        JsonNode submitted = videos.submit(client, request, stages);
        JsonNode ended = watch.untilEndedOrExit(submitted, gateway.url == null ? this::left : watch::cancel);
        JobWatch.requireCompleted(ended);
        client.download(ended.path("id").asText(), video);
        stages.finish();
        report().finished(ended, video);
        return 0;
    }

    /** A fleet of its own ends with this process. */
    private String left(String id) {
        return data.directory == null
                ? "interrupted: the job %s is gone with its fleet".formatted(id)
                : "interrupted: the job %s goes on with the next fleet on %s, as of serve --data"
                        .formatted(id, data.directory);
    }

    private Report report() {
        return new Report(spec.commandLine().getOut(), json.wanted);
    }
}
