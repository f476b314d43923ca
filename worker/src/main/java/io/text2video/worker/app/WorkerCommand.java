package io.text2video.worker.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.text2video.process.Failures;
import io.text2video.process.Ports;
import io.text2video.process.ServerFlags;
import io.text2video.process.UsageErrors;
import io.text2video.process.Utf8;
import java.io.IOException;
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
        Utf8.refusal(args).ifPresent(reason -> {
            System.err.println("text2video: " + reason);
            System.exit(CommandLine.ExitCode.USAGE);
        });
        CommandLine command = new CommandLine(new WorkerCommand())
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler(new Failures());
        int code = command.execute(args);
        if (code != 0 || command.isUsageHelpRequested() || command.isVersionHelpRequested()) {
            System.exit(code);
        }
    }

    @Mixin
    ServedModelsFlags models = new ServedModelsFlags();

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            description =
                    "The pool of workers with the same models, which takes jobs of its own (WORKER_POOL; the default"
                            + " one).")
    void pool(String value) {
        settings.put("worker.pool", value);
    }

    @Mixin
    PipelineFlags pipeline = new PipelineFlags();

    @Option(
            names = "--id",
            paramLabel = "NAME",
            description = "How states and events name this worker (WORKER_ID; host name and process id).")
    void id(String value) {
        settings.put("worker.id", value);
    }

    @Mixin
    PipelineFlags.Threads threads = new PipelineFlags.Threads();

    @Option(
            names = "--checkpoint-steps",
            paramLabel = "N",
            description = "After how many denoising steps a job's state is kept, from where another worker can go on; 0"
                    + " for never (WORKER_CHECKPOINT_STEPS; 5).")
    void checkpointSteps(int value) {
        settings.put("worker.checkpoint-steps", Integer.toString(value));
    }

    @Mixin
    ServerFlags servers = new ServerFlags();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        // Quarkus takes seconds to start, and then it would be refused too.
        pipeline.device();
        settings().forEach(System::setProperty);
        Ports.requireFreeHttp(spec.commandLine());
        Quarkus.run();
        return 0;
    }

    Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(models.settings());
        all.putAll(pipeline.settings());
        all.putAll(threads.settings());
        all.putAll(servers.settings());
        return all;
    }
}
