package io.text2video.standalone.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.text2video.gateway.app.GatewayCommand;
import io.text2video.process.Failures;
import io.text2video.process.SingleLineFilter;
import io.text2video.process.UsageErrors;
import io.text2video.process.Utf8;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.worker.app.WorkerCommand;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.recipe.EngineVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ./text2video}: the command line of the whole project. Quarkus is started only where a server is needed. */
@QuarkusMain(name = "text2video")
@Command(
        name = "text2video",
        versionProvider = Text2VideoCommand.Version.class,
        mixinStandardHelpOptions = true,
        description = "Videos from prompts with CogVideoX: one at a time, or as a fleet.",
        subcommands = {
            GenerateCommand.class,
            ServeCommand.class,
            FleetCommand.Jobs.class,
            JobCommand.Status.class,
            JobCommand.Watch.class,
            JobCommand.Get.class,
            JobCommand.Cancel.class,
            JobCommand.Remove.class,
            FleetCommand.Models.class,
            FleetCommand.Lora.class,
            GatewayCommand.class,
            WorkerCommand.class,
            ServicesCommand.class,
            TraceCommand.class,
            TokenizeCommand.class,
            RecipeCommand.class,
            ReplayCommand.class,
            InfoCommand.class,
            PlanCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            QualityCommand.class,
            DownloadCommand.class,
            QuantizeCommand.class,
            DeadLettersCommand.class,
            KeysCommand.class,
            AutoComplete.GenerateCompletion.class,
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
public final class Text2VideoCommand {
    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of a failure; of serve, all logs.")
    boolean verbose;

    public static void main(String... arguments) {
        SingleLineFilter.install();
        Optional<String> refusal = Utf8.refusal(arguments);
        refusal.ifPresent(reason -> System.err.println("text2video: " + reason));
        System.exit(
                refusal.isPresent() ? CommandLine.ExitCode.USAGE : commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var root = new Text2VideoCommand();
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A prompt may begin with @, and names no file then.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (isEnding()) {
                        // What was interrupted fails, and who interrupted it knows why.
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    if (root.verbose) {
                        failure.printStackTrace(command.getErr());
                    }
                    return new Failures().handleExecutionException(failure, command, parsed);
                });
    }

    /** Whether the process is told to end, as by Ctrl-C. */
    private static boolean isEnding() {
        var hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return !Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return true;
        }
    }

    /**
     * The model that an option names.
     *
     * @param name null for the default one
     */
    static ModelLocation model(String name) throws IOException {
        return ModelLocation.resolve(name == null ? defaultModel(new FleetConfiguration()) : name, System.getenv());
    }

    /** What a worker that were started here would prefer. */
    static String defaultModel(FleetConfiguration given) {
        return given.givenList("worker.models").stream().findFirst().orElseGet(() -> embeddedModel()
                .toString());
    }

    /** The checkpoint that comes with the project. */
    static Path embeddedModel() {
        return Path.of(System.getProperty("text2video.home", ""), "models", "cogvideox-tiny");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"text2video " + EngineVersion.current()};
        }
    }
}
