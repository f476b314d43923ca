package io.text2video.standalone.cli;

import io.text2video.standalone.fleet.EmbeddedFleet;
import io.text2video.standalone.fleet.FleetOptions;
import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.app.ServedModelsFlags;
import io.text2video.worker.device.DeviceChoice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole fleet on one machine, kept up. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs the whole fleet here: broker, store, gateway and one worker. Ctrl-C ends it.",
        footer = {"", "Example:", "  text2video serve --port 8080 --data /var/lib/text2video"})
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Of the gateway; 0 for any free one. Default: ${DEFAULT-VALUE}.")
    int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The gateway listens on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}.")
    String host;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Of the broker, on loopback; 0 for any free one. Default: ${DEFAULT-VALUE}.")
    int kafkaPort;

    @Option(
            names = "--s3-port",
            paramLabel = "PORT",
            defaultValue = "9000",
            description = "Of the object store, on loopback; 0 for any free one. Default: ${DEFAULT-VALUE}.")
    int s3Port;

    @Mixin
    SharedOptions.Data data = new SharedOptions.Data();

    @Mixin
    ServedModelsFlags models = new ServedModelsFlags();

    @Mixin
    PipelineFlags pipeline = new PipelineFlags();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Map<String, String> settings = new HashMap<>(
                ServedModelsFlags.settings(List.of(Text2Video.embeddedModel().toString())));
        settings.putAll(models.settings());
        settings.putAll(pipeline.settings());
        // The worker would refuse it too, but only once the rest of the fleet runs.
        DeviceChoice device = pipeline.device();
        Path directory = Optional.ofNullable(data.directory).orElseGet(ServeCommand::defaultData);
        try (var fleet =
                new EmbeddedFleet(new FleetOptions(directory, host, port, kafkaPort, s3Port, false, settings))) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("gateway  " + fleet.gateway() + "  (try it: " + fleet.gateway() + "/q/swagger-ui)");
            out.println("worker   " + fleet.worker());
            out.println("device   " + device + "  (" + device.reason() + ")");
            out.println("kafka    " + fleet.kafka());
            out.println("s3       " + fleet.s3());
            out.println("data     " + directory.toAbsolutePath() + "  (secrets.properties: keys and webhook secret)");
            out.flush();
            return fleet.awaitExit();
        }
    }

    private static Path defaultData() {
        Path home = Optional.ofNullable(System.getenv("XDG_DATA_HOME"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"));
        return home.resolve("text2video");
    }
}
