package io.text2video.standalone.fleet;

import io.text2video.process.ClassArchive;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a worker's process is started beside this one: the same Java, with the same options and environment. But where this one
 * is compiled quickly and no further, as it conducts a single job, the worker is compiled as far as it pays: it computes. Its
 * class path and its archive of classes are those that the launcher has prepared, where there are such.
 */
final class WorkerLaunch {
    private static final Path APPLICATION = Path.of("worker", "target", "quarkus-app", "quarkus-run.jar");
    private static final Path LAUNCH = Path.of("docker", "standalone", "target", "launch");

    /** Where a release has both. */
    private static final Path LIB = Path.of("lib");

    /** Given by the environment, which only the user's own processes can read; anybody can read a command line. */
    private static final Set<String> SECRETS = Set.of("s3.access-key", "s3.secret-key");

    /** What this process is started with for itself. */
    private static final Pattern OWN = Pattern.compile(
            "-XX:TieredStopAtLevel=1|-Xmn.*|-Xms.*|-XX:SharedArchiveFile=.*|-Djava\\.util\\.logging\\.manager=.*");

    private WorkerLaunch() {}

    /**
     * @param home where the project is, or an unpacked release
     * @param data where a crash leaves its report
     * @throws IOException when the worker's application is not there
     */
    static ProcessBuilder of(Path home, Path data, Map<String, String> settings) throws IOException {
        Path lib = home.resolve(LIB);
        boolean released = Files.isDirectory(lib.resolve("worker"));
        Path application = released ? lib.resolve("worker").resolve("quarkus-run.jar") : home.resolve(APPLICATION);
        if (!Files.isRegularFile(application)) {
            throw new IOException("the worker's application is not at %s: build it with ./text2video or mvn package"
                    .formatted(application));
        }
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.removeIf(OWN.asMatchPredicate());
        command.add("-XX:ErrorFile=" + data.resolve("worker-crash-%p.log"));
        command.add("-XX:-CreateCoredumpOnCrash");
        var builder = new ProcessBuilder();
        settings.forEach((key, value) -> {
            if (SECRETS.contains(key)) {
                builder.environment().put(key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value);
            } else {
                command.add("-D" + key + "=" + value);
            }
        });
        command.addAll(program(released ? lib.resolve("launch") : home.resolve(LAUNCH), application));
        return builder.command(command);
    }

    private static List<String> program(Path launch, Path application) throws IOException {
        Path classPath = launch.resolve("worker.args");
        Path archive = launch.resolve("worker.jsa");
        if (!Files.isReadable(classPath)) {
            return List.of("-jar", application.toString());
        }
        // A process that is to keep its classes cannot start from others.
        if (ClassArchive.isWanted() || !Files.isReadable(archive) || isNewer(application, archive)) {
            return List.of("@" + classPath);
        }
        return List.of("-XX:SharedArchiveFile=" + archive, "@" + classPath);
    }

    private static boolean isNewer(Path application, Path archive) throws IOException {
        return Files.getLastModifiedTime(application).compareTo(Files.getLastModifiedTime(archive)) > 0;
    }
}
