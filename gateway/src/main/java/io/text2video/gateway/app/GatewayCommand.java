package io.text2video.gateway.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway}: the HTTP side of the fleet alone, against a broker and an object store. */
@QuarkusMain(name = "gateway")
@Command(
        name = "gateway",
        sortOptions = false,
        description = "Serves the HTTP API: takes requests for videos, tells how they stand, hands out the files and"
                + " calls webhooks.",
        footerHeading =
                "%nThe environment variable that an option names does the same; the option wins. Secrets are taken"
                        + " from the environment alone: S3_ACCESS_KEY, S3_SECRET_KEY, WEBHOOK_SECRET.%n%nExamples:%n",
        footer = {
            "  gateway",
            "  gateway --port 8081 --kafka broker:9092 --s3-endpoint http://minio:9000",
            "  WEBHOOK_SECRET=whsec_... gateway --kafka broker:9092",
        })
public class GatewayCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "PORT", description = "where to listen: QUARKUS_HTTP_PORT, 8080")
    void port(String value) {
        set("quarkus.http.port", value);
    }

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT,...",
            description = "the broker, Kafka 4.2 or later: KAFKA_BOOTSTRAP_SERVERS, localhost:9092")
    void kafka(String value) {
        set("kafka.bootstrap.servers", value);
    }

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "the object store, MinIO or another that speaks S3: S3_ENDPOINT, http://localhost:9000")
    void s3Endpoint(String value) {
        set("s3.endpoint", value);
    }

    @Option(names = "--s3-bucket", paramLabel = "NAME", description = "made when absent: S3_BUCKET, text2video")
    void s3Bucket(String value) {
        set("s3.bucket", value);
    }

    @Option(names = "--s3-region", paramLabel = "NAME", description = "S3_REGION, us-east-1")
    void s3Region(String value) {
        set("s3.region", value);
    }

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "of each topic that does not exist yet: FLEET_PARTITIONS, 4")
    void partitions(int value) {
        set("fleet.partitions", Integer.toString(value));
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    boolean help;

    public static void main(String... args) {
        System.exit(new CommandLine(new GatewayCommand()).execute(args));
    }

    /** Serves until the process is asked to end. */
    @Override
    public Integer call() {
        Quarkus.run();
        return CommandLine.ExitCode.OK;
    }

    private static void set(String key, String value) {
        System.setProperty(key, value);
    }
}
