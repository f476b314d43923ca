package io.text2video.standalone.cli;

import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of its own whose address space the kernel limits once it has drawn a video: {@code OutOfMemoryCommand MODEL
 * TIGHT TIGHTER}, two amounts of bytes beyond what it then has.
 */
final class OutOfMemoryCommand {
    private OutOfMemoryCommand() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        try (var pipeline = CogVideoXPipeline.load(Path.of(arguments[0]))) {
            String small = draw(pipeline, 5);
            print("large", draw(pipeline, 81));
            long held = MeasuredCommand.kibibytes("VmSize") << 10;
            limit(held + Long.parseLong(arguments[1]));
            print("tight", draw(pipeline, 81));
            limit(held + Long.parseLong(arguments[2]));
            print("tighter", draw(pipeline, 81));
            limit(held + Long.parseLong(arguments[1]));
            print("small again", draw(pipeline, 5).equals(small));
        }
    }

    /** A hash of the pixels; or how it failed. */
    private static String draw(CogVideoXPipeline pipeline, int frames) {
        var parameters = new GenerationParameters("a ball", "", 1, 6, false, 0, 96, 96, frames, 8, 1, List.of(), null);
        var hash = new AtomicInteger();
        try {
            pipeline.generate(parameters, StepListener.NONE, chunk -> add(hash, chunk));
            return Integer.toString(hash.get());
        } catch (OutOfMemoryException e) {
            return e.getMessage();
        }
    }

    private static void add(AtomicInteger hash, Frames chunk) {
        hash.set(31 * hash.get() + Arrays.hashCode(chunk.rgb()));
    }

    /** Of the address space, in which mapped files count too: the soft limit, which can be raised again. */
    private static void limit(long bytes) throws IOException, InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        Process prlimit = new ProcessBuilder("prlimit", "--pid", pid, "--as=" + bytes + ":")
                .inheritIO()
                .start();
        if (prlimit.waitFor() != 0) {
            throw new IOException("prlimit failed with " + prlimit.exitValue());
        }
    }

    private static void print(String name, Object value) {
        System.out.println(name + ": " + value);
        System.out.flush();
    }
}
