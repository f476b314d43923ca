package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.Digests;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import io.text2video.worker.state.UnusableStateException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A process of its own that draws, and keeps states as files: {@code DrawingProcess MODEL STEPS LAST DIRECTORY}. After step
 * LAST it says so and waits to be killed; else it ends with the digest of its frames. It writes a line for each step.
 */
final class DrawingProcess implements Checkpoints {
    static final int STATES_EVERY = 5;

    private final Path directory;

    private DrawingProcess(Path directory) {
        this.directory = directory;
    }

    static Process start(String model, int steps, int last, Path directory) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DrawingProcess.class.getName(),
                        model,
                        Integer.toString(steps),
                        Integer.toString(last),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String... arguments) throws IOException {
        int last = Integer.parseInt(arguments[2]);
        MessageDigest digest = Digests.sha256();
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Path.of(arguments[0]))) {
            pipeline.generate(
                    call(Integer.parseInt(arguments[1])),
                    new DrawingProcess(Path.of(arguments[3])),
                    Interruption.NONE,
                    (step, steps) -> {
                        System.out.println("step " + step);
                        if (step == last) {
                            await();
                        }
                    },
                    chunk -> digest.update(chunk.rgb()));
        }
        System.out.println("frames " + HexFormat.of().formatHex(digest.digest()));
    }

    private static GenerationParameters call(int steps) {
        return new GenerationParameters("a red ball", "", steps, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null);
    }

    private static void await() {
        try {
            // Nobody writes.
            System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<SavedState> newest(String computation, int below) {
        System.out.println("computation " + computation + " threads " + Kernels.threads());
        File[] files = directory.toFile().listFiles((folder, name) -> name.startsWith(computation));
        return Arrays.stream(files)
                .map(file -> new SavedState(file.getName(), step(file), read(file)))
                .filter(state -> state.step() < below)
                .max(Comparator.comparingInt(SavedState::step));
    }

    @Override
    public void resumed(int step, int steps) {
        System.out.println("resumed " + step);
    }

    @Override
    public void refused(SavedState state, UnusableStateException reason) {
        throw new IllegalStateException(reason);
    }

    @Override
    public boolean isDue(int step, int steps) {
        return step % STATES_EVERY == 0;
    }

    @Override
    public void save(GenerationState state) {
        try {
            Path part = Files.write(directory.resolve("part"), state.toBytes());
            Files.move(
                    part,
                    directory.resolve("%s-%05d".formatted(state.computation(), state.step())),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int step(File file) {
        return Integer.parseInt(file.getName().split("-", 2)[1]);
    }

    private static byte[] read(File file) {
        try {
            return Files.readAllBytes(file.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
