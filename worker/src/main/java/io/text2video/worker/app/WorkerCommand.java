package io.text2video.worker.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.text2video.worker.device.NoSuchDeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One worker against a Kafka and an S3. A flag beats its environment variable. */
@QuarkusMain(name = "worker")
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "Runs one worker: takes jobs from Kafka, draws them, stores the videos. Ctrl-C ends it.",
        footer = {"", "Keys for the store come from S3_ACCESS_KEY and S3_SECRET_KEY alone."})
public class WorkerCommand implements Callable<Integer> {
    private final Map<String, String> settings = new TreeMap<>();

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new WorkerCommand());
        int code = command.execute(args);
        if (code != 0 || command.isUsageHelpRequested() || command.isVersionHelpRequested()) {
            System.exit(code);
        }
    }

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "a checkpoint's directory, or a model of the Hugging Face cache; may be repeated, the first is what a request gets that"
                            + " names none (WORKER_MODELS, with commas between; models/cogvideox-tiny)")
    List<String> models = new ArrayList<>();

    @Option(
            names = "--loras",
            paramLabel = "DIR",
            description = "LoRAs, as MODEL/LORA.safetensors (WORKER_LORAS; none)")
    void loras(String value) {
        settings.put("worker.loras", value);
    }

    @Option(
            names = "--loaded-models",
            paramLabel = "N",
            description = "how many models stay loaded at once (WORKER_LOADED_MODELS; all)")
    void loadedModels(int value) {
        settings.put("worker.loaded-models", Integer.toString(value));
    }

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            description = "pool of workers with the same models, which takes jobs of its own (WORKER_POOL; the default"
                    + " one)")
    void pool(String value) {
        settings.put("worker.pool", value);
    }

    @Mixin
    PipelineFlags pipeline = new PipelineFlags();

    @Option(
            names = "--id",
            paramLabel = "NAME",
            description = "how states and events name this worker (WORKER_ID; host name and process id)")
    void id(String value) {
        settings.put("worker.id", value);
    }

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads of the native engine (WORKER_THREADS; one a core)")
    void threads(int value) {
        settings.put("worker.threads", Integer.toString(value));
    }

    @Option(
            names = "--checkpoint-steps",
            paramLabel = "N",
            description = "after how many denoising steps a job's state is kept, from where another worker can go on; 0"
                    + " for never (WORKER_CHECKPOINT_STEPS; 5)")
    void checkpointSteps(int value) {
        settings.put("worker.checkpoint-steps", Integer.toString(value));
    }

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "brokers (KAFKA_BOOTSTRAP_SERVERS; localhost:9092)")
    void kafka(String value) {
        settings.put("kafka.bootstrap.servers", value);
    }

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "object store (S3_ENDPOINT; http://localhost:9000)")
    void s3Endpoint(String value) {
        settings.put("s3.endpoint", value);
    }

    @Option(names = "--s3-bucket", paramLabel = "NAME", description = "bucket (S3_BUCKET; text2video)")
    void s3Bucket(String value) {
        settings.put("s3.bucket", value);
    }

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "health and metrics, 0 for any free one (QUARKUS_HTTP_PORT; 8081)")
    void port(int value) {
        settings.put("quarkus.http.port", Integer.toString(value));
    }

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        try {
            // Quarkus takes seconds to start, and then it would be refused too.
            pipeline.device();
        } catch (NoSuchDeviceException e) {
            spec.commandLine().getErr().println("text2video: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        settings().forEach(System::setProperty);
        Quarkus.run();
        return 0;
    }

    Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(WorkerSettings.models(models));
        all.putAll(pipeline.settings());
        return all;
    }
}
