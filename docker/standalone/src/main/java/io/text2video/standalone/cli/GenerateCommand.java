package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.standalone.client.GatewayClient;
import io.text2video.standalone.fleet.EmbeddedFleet;
import io.text2video.standalone.fleet.FleetOptions;
import io.text2video.worker.app.ServedModelsFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            "",
            "Ctrl-C cancels the job, on a fleet that runs too."
        })
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", description = "What to draw.")
    String prompt;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.mp4",
            defaultValue = "video.mp4",
            description = "Where to put it. Default: ${DEFAULT-VALUE}.")
    Path output;

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    SharedOptions.Gateway gateway = new SharedOptions.Gateway();

    @Option(names = "--direct", description = "Run the pipeline alone: no broker, no store, no gateway.")
    boolean direct;

    @Mixin
    SharedOptions.Data data = new SharedOptions.Data();

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Mixin
    GenerationOptions generation = new GenerationOptions();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        checkUsage();
        if (direct) {
            return new DirectGeneration(model).run(prompt, generation, output, report());
        }
        if (gateway.url != null) {
            return submit(gateway.client(), model.checkpoint.name);
        }
        ProgressDisplay.note("starting the fleet on " + model.pipeline.device());
        try (var files = new LoraFolder(generation.loraFiles(), model);
                var fleet = new EmbeddedFleet(fleetOptions(files))) {
            return submit(new GatewayClient(fleet.gateway()), null);
        }
    }

    private void checkUsage() {
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
        Path directory = output.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(spec.commandLine(), "no such directory: " + directory);
        }
        if (Files.isDirectory(output)) {
            throw new ParameterException(spec.commandLine(), output + " is a directory: name a file");
        }
    }

    private FleetOptions fleetOptions(LoraFolder files) {
        Map<String, String> settings = new HashMap<>(ServedModelsFlags.settings(List.of(model.model())));
        files.path().ifPresent(path -> settings.put("worker.loras", path.toString()));
        settings.putAll(model.pipeline.settings());
        // Somebody waits for this one job: a failure is told at once.
        settings.put("worker.retries", "0");
        return new FleetOptions(data.directory, "127.0.0.1", 0, 0, 0, true, settings);
    }

    private int submit(GatewayClient client, String modelId) throws IOException, InterruptedException {
        Map<String, Object> request = new HashMap<>(generation.asRequest());
        request.put("prompt", prompt);
        if (modelId != null) {
            request.put("model", modelId);
        }
        JsonNode video = ended(client, client.create(request));
        if (!video.path("status").asText().equals("completed")) {
            throw new IOException("the job %s: %s"
                    .formatted(
                            video.path("status").asText(),
                            video.at("/error/message").asText("no reason given")));
        }
        client.download(video.path("id").asText(), output);
        report().finished(video, output);
        return 0;
    }

    private JsonNode ended(GatewayClient client, JsonNode submitted) throws IOException, InterruptedException {
        var watch = new JobWatch(client);
        // A fleet of its own ends with this process, and the job with it.
        return gateway.url == null ? watch.untilEnded(submitted) : watch.untilEndedOrExit(submitted);
    }

    private Report report() {
        return new Report(spec.commandLine().getOut(), json.wanted);
    }
}
