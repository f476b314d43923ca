package io.text2video.standalone.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.text2video.gateway.app.GatewayCommand;
import io.text2video.process.SingleLine;
import io.text2video.process.SingleLineFilter;
import io.text2video.worker.app.WorkerCommand;
import io.text2video.worker.hub.ModelLocation;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ./text2video}: the command line of the whole project. Quarkus is started only where a server is needed. */
@QuarkusMain(name = "text2video")
@Command(
        name = "text2video",
        version = "text2video 0.1.0",
        mixinStandardHelpOptions = true,
        description = "Videos from prompts with CogVideoX: one at a time, or as a fleet.",
        subcommands = {
            GenerateCommand.class,
            CancelCommand.class,
            ServeCommand.class,
            GatewayCommand.class,
            WorkerCommand.class,
            TraceCommand.class,
            TokenizeCommand.class,
            InfoCommand.class,
            PlanCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            QualityCommand.class,
            DownloadCommand.class,
            QuantizeCommand.class,
            DeadLettersCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  text2video generate \"a red ball moving left on a black background\" -o ball.mp4",
            "  text2video serve --port 8080",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
public final class Text2Video {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    boolean verbose;

    public static void main(String... arguments) {
        SingleLineFilter.install();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var root = new Text2Video();
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (root.verbose) {
                        failure.printStackTrace(command.getErr());
                    }
                    command.getErr().println("text2video: " + SingleLine.of(failure.getMessage()));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /**
     * The model that an option names.
     *
     * @param name null for the one that comes with the project
     */
    static ModelLocation model(String name) throws IOException {
        return ModelLocation.resolve(name == null ? embeddedModel().toString() : name, System.getenv());
    }

    /** The checkpoint that comes with the project. */
    static Path embeddedModel() {
        return Path.of(System.getProperty("text2video.home", ""), "models", "cogvideox-tiny");
    }
}
