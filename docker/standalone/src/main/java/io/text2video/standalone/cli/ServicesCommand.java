package io.text2video.standalone.cli;

import io.text2video.embedded.EmbeddedServices;
import io.text2video.process.SecondSignal;
import io.text2video.standalone.fleet.DataDirectory;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.standalone.fleet.FleetSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What gateways and workers need that are started by themselves on this machine. */
@Command(
        name = "services",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a broker and a store alone, for gateways and workers that are started by themselves here. Ctrl-C ends it.",
            "Prints their addresses as the variables that gateway and worker take. The store's keys are S3_ACCESS_KEY and"
                    + " S3_SECRET_KEY, else those of DIR/secrets.properties."
        },
        footer = {"", "Example:", "  text2video services --data /var/lib/text2video"})
final class ServicesCommand implements Callable<Integer> {
    @Mixin
    SharedOptions.Services ports = new SharedOptions.Services();

    @Mixin
    SharedOptions.Data data = new SharedOptions.Data();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ports.requireFree();
        var directory = new DataDirectory(data.directory);
        FleetSecrets secrets = FleetSecrets.in(directory.path()).orGiven(new FleetConfiguration());
        var services = new EmbeddedServices(
                directory.path(), ports.kafka, ports.s3, secrets.s3AccessKey(), secrets.s3SecretKey());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(services, directory), "services-exit"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("KAFKA_BOOTSTRAP_SERVERS=" + services.bootstrapServers());
        out.println("S3_ENDPOINT=" + services.s3().endpoint());
        out.flush();
        // For ever: a signal ends the process.
        new CountDownLatch(1).await();
        return 0;
    }

    private static void close(EmbeddedServices services, DataDirectory directory) {
        SecondSignal.endsAtOnce();
        services.close();
        try {
            directory.close();
        } catch (IOException e) {
            System.err.println("text2video: " + directory.path() + " was not removed: " + e.getMessage());
        }
    }
}
