package io.text2video.standalone.cli;

import io.text2video.process.PortConverter;
import io.text2video.standalone.fleet.EmbeddedFleet;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.standalone.fleet.FleetOptions;
import io.text2video.standalone.fleet.FleetOptions.Console;
import io.text2video.worker.app.ConfiguredModels;
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
        description = {
            "Runs the whole fleet here: broker, store, gateway and one worker. Ctrl-C ends it.",
            "Shows a line for each job that ends, and warnings; all logs, which --verbose shows, are in DIR/fleet.log and"
                    + " DIR/worker.log."
        },
        footer = {"", "Example:", "  text2video serve --port 8080 --data /var/lib/text2video"})
final class ServeCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 8080;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Of the gateway; 0 for any free one (QUARKUS_HTTP_PORT; 8080).")
    Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The gateway listens on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}.")
    String host;

    @Mixin
    SharedOptions.Services services = new SharedOptions.Services();

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
        // The worker would refuse it too, but only once the rest of the fleet runs.
        DeviceChoice device = pipeline.device();
        var given = new FleetConfiguration();
        FleetOptions options = options(given);
        try (var stages = new StageDisplay()) {
            stages.stage("engine");
            ConfiguredModels.check(options.settings());
            try (var fleet = new EmbeddedFleet(options, given, stages)) {
                stages.finish();
                PrintWriter out = spec.commandLine().getOut();
                out.println("gateway  " + fleet.gateway() + "  (try it: " + fleet.gateway() + "/swagger-ui)");
                out.println("health   " + fleet.gatewayHealth());
                out.println("worker   " + fleet.worker());
                out.println("device   " + device + "  (" + device.reason() + ")");
                out.println("kafka    " + fleet.kafka());
                out.println("s3       " + fleet.s3());
                out.println("data     " + options.data().toAbsolutePath()
                        + "  (secrets.properties: keys and webhook secret)");
                out.flush();
                return fleet.awaitExit();
            }
        }
    }

    private List<String> served(FleetConfiguration given) {
        List<String> wanted = models.models().isEmpty() ? given.givenList("worker.models") : models.models();
        return wanted.isEmpty() ? List.of(Text2VideoCommand.embeddedModel().toString()) : wanted;
    }

    /** By the flags, then by the environment, then by default. */
    FleetOptions options(FleetConfiguration given) {
        Map<String, String> settings = new HashMap<>();
        settings.putAll(models.settings());
        settings.putAll(ServedModelsFlags.settings(served(given)));
        settings.putAll(pipeline.settings());
        Path directory = Optional.ofNullable(data.directory).orElseGet(ServeCommand::defaultData);
        return new FleetOptions(
                directory,
                host,
                port != null ? port : port(given, "quarkus.http.port", DEFAULT_PORT),
                port(given, "quarkus.management.port", 0),
                services.kafka,
                services.s3,
                ((Text2VideoCommand) spec.root().userObject()).verbose ? Console.ALL : Console.SUMMARY,
                settings);
    }

    private static int port(FleetConfiguration given, String property, int otherwise) {
        return given.given(property).map(new PortConverter()::convert).orElse(otherwise);
    }

    private static Path defaultData() {
        Path home = Optional.ofNullable(System.getenv("XDG_DATA_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"));
        return home.resolve("text2video");
    }
}
