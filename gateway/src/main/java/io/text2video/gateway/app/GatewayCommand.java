package io.text2video.gateway.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.text2video.process.Failures;
import io.text2video.process.PortConverter;
import io.text2video.process.Ports;
import io.text2video.process.ServerFlags;
import io.text2video.process.UsageErrors;
import io.text2video.process.Utf8;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gateway}: the HTTP side of the fleet alone, against a broker and an object store. */
@QuarkusMain(name = "gateway")
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serves the HTTP API: takes requests for videos, tells how they stand, hands out the files and"
                + " calls webhooks.",
        footerHeading =
                "%nThe environment variable that an option names does the same; the option wins. Secrets are taken"
                        + " from the environment alone: S3_ACCESS_KEY, S3_SECRET_KEY, WEBHOOK_SECRET.%n%nExamples:%n",
        footer = {
            "  gateway",
            "  gateway --port 8090 --management-port 8092 --kafka broker:9092 --s3-endpoint http://minio:9000",
            "  WEBHOOK_SECRET=whsec_... gateway --kafka broker:9092",
        })
public class GatewayCommand implements Callable<Integer> {
    @Mixin
    ServerFlags servers = new ServerFlags();

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Where health and metrics listen; 0 for any free one (QUARKUS_MANAGEMENT_PORT; 8082).")
    Integer managementPort;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of each topic that does not exist yet (FLEET_PARTITIONS; 4).")
    Integer partitions;

    @Spec
    CommandSpec spec;

    public static void main(String... args) {
        Utf8.refusal(args).ifPresent(reason -> {
            System.err.println("text2video: " + reason);
            System.exit(CommandLine.ExitCode.USAGE);
        });
        System.exit(new CommandLine(new GatewayCommand())
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler(new Failures())
                .execute(args));
    }

    /** Serves until the process is asked to end. */
    @Override
    public Integer call() throws IOException {
        servers.settings().forEach(System::setProperty);
        if (partitions != null) {
            System.setProperty("fleet.partitions", partitions.toString());
        }
        if (managementPort != null) {
            System.setProperty("quarkus.management.port", managementPort.toString());
        }
        Ports.requireFreeHttp(spec.commandLine());
        Ports.requireFreeManagement(spec.commandLine());
        Quarkus.run();
        return CommandLine.ExitCode.OK;
    }
}
