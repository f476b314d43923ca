package io.text2video.worker.rehearsal;

import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.Libtorch;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of its own that traces a short generation and names the native libraries that it has: {@code TracingProcess MODEL FILE}. */
final class TracingProcess {
    private TracingProcess() {}

    /**
     * Runs one to its end.
     *
     * @param environment beside this process's own
     * @return its output, what went wrong included
     */
    static String run(Path model, Path file, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile("trace", ".log");
        ProcessBuilder process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TracingProcess.class.getName(),
                        model.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        process.environment().remove(RehearsedGpus.LIBRARY);
        process.environment().putAll(environment);
        Process started = process.start();
        try {
            if (!started.waitFor(5, TimeUnit.MINUTES)) {
                throw new IOException("the process does not end: " + Files.readString(output));
            }
            return "exit code %d%n%s".formatted(started.exitValue(), Files.readString(output));
        } finally {
            started.destroyForcibly();
            Files.delete(output);
        }
    }

    public static void main(String... arguments) throws IOException {
        var call = new GenerationParameters("a red ball", "blurry", 2, 6, false, 0, 64, 64, 9, 8, 1, List.of(), null);
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Path.of(arguments[0]))) {
            pipeline.trace(call, StepListener.NONE, FrameSink.NONE, Path.of(arguments[1]));
        }
        if (Libtorch.ofThisProcess().hasCuda()) {
            // With what only such a libtorch knows.
            Kernels.load(Device.cuda(0)).close();
            System.out.println("loaded the kernels of a GPU");
        }
        try (var mapped = Files.lines(Path.of("/proc/self/maps"))) {
            mapped.map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .filter(file -> file.endsWith(".so"))
                    .distinct()
                    .forEach(System.out::println);
        }
    }
}
