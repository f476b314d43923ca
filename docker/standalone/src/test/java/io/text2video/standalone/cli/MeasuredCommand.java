package io.text2video.standalone.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process of its own that runs a command as the launcher would, and prints the highest resident set that it had. */
final class MeasuredCommand {
    private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();
    private static final Path SELF = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM";

    private MeasuredCommand() {}

    public static void main(String... arguments) throws IOException {
        int exitCode = Text2VideoCommand.commandLine().execute(arguments);
        System.out.println(PEAK + " " + kibibytes(PEAK));
        System.exit(exitCode);
    }

    /** Runs it, and gives the highest resident set, in bytes. */
    static long peak(Path directory, List<String> arguments) throws IOException, InterruptedException {
        String out = run(MeasuredCommand.class, directory, launcherOptions(), Map.of(), arguments);
        Matcher line = Pattern.compile("(?m)^" + PEAK + " (\\d+)$").matcher(out);
        if (!line.find()) {
            throw new AssertionError("no peak in:\n" + out);
        }
        return Long.parseLong(line.group(1)) << 10;
    }

    /**
     * Runs a class with the settings of the launcher.
     *
     * @param options of Java
     * @param environment beside the launcher's
     * @return what it printed
     */
    static String run(
            Class<?> main,
            Path directory,
            List<String> options,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(options);
        command.addAll(List.of(
                "-Dai.djl.offline=true",
                "-Dtext2video.home=" + HOME,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        Path output = Files.createTempFile(directory, "measured", ".out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(launcherSettings());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(arguments + " failed:\n" + Files.readString(output));
            }
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the launcher exports where nothing is set: the allocator's settings matter here. */
    private static Map<String, String> launcherSettings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        Matcher export = Pattern.compile("(?m)^export (\\w+)=\\$\\{\\1:-(\\w+)}$")
                .matcher(Files.readString(HOME.resolve("text2video")));
        while (export.find()) {
            settings.put(export.group(1), export.group(2));
        }
        return settings;
    }

    /** What the launcher gives Java where nothing is set, for a generation in this process. */
    private static List<String> launcherOptions() throws IOException {
        List<String> found = Pattern.compile("(?m)^ *options\\+?=\" *([^\"$]+)\"$")
                .matcher(Files.readString(HOME.resolve("text2video")))
                .results()
                .flatMap(line -> Stream.of(line.group(1).split(" ")))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError("the launcher sets no options of Java");
        }
        return found;
    }

    /** A line of the process's status. */
    static long kibibytes(String name) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB$").matcher(Files.readString(SELF));
        if (!line.find()) {
            throw new IOException(SELF + " has no " + name);
        }
        return Long.parseLong(line.group(1));
    }
}
