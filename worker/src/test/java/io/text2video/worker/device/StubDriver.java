package io.text2video.worker.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A stand-in for NVIDIA's driver in this process, until it is closed. */
public final class StubDriver implements AutoCloseable {
    private static final Path SOURCE = Path.of("src", "test", "resources", "cuda", "driver.c");

    private final String before = System.getProperty(CudaDriver.PROPERTY);

    /**
     * @param directory where to compile it
     * @param init what its cuInit returns
     * @param cuda that it serves, as 12080 for 12.8
     */
    public StubDriver(Path directory, int init, int cuda, Gpu... gpus) throws IOException, InterruptedException {
        Path library = Files.createTempFile(directory, "libcuda", ".so");
        String listed = Stream.of(gpus)
                .map(gpu -> "{\"%s\",%dULL,%d,%d},".formatted(gpu.name(), gpu.memory(), gpu.major(), gpu.minor()))
                .collect(Collectors.joining());
        compile(List.of(
                "gcc",
                "-shared",
                "-fPIC",
                "-DINIT=" + init,
                "-DVERSION=" + cuda,
                "-DGPUS=" + listed,
                "-o",
                library.toString(),
                SOURCE.toString()));
        System.setProperty(CudaDriver.PROPERTY, library.toString());
    }

    private static void compile(List<String> command) throws IOException, InterruptedException {
        boolean compiler = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command.get(0))));
        assumeTrue(compiler, "there is no gcc to compile a stand-in for the driver with");
        Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(gcc.getInputStream().readAllBytes());
        assertThat(gcc.waitFor()).as(said).isZero();
    }

    @Override
    public void close() {
        if (before == null) {
            System.clearProperty(CudaDriver.PROPERTY);
        } else {
            System.setProperty(CudaDriver.PROPERTY, before);
        }
    }
}
