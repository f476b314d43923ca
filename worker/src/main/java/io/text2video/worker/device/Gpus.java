package io.text2video.worker.device;

import java.util.List;
import java.util.Optional;

/**
 * The GPUs that this process may use.
 *
 * @param found in CUDA's order; empty where there is none
 * @param driver the latest CUDA that the driver serves, as {@code 12.8}; empty where there is no driver, or it does not
 *     tell
 * @param reason why none was found; empty where one was
 */
public record Gpus(List<Gpu> found, Optional<String> driver, Optional<String> reason) {
    public Gpus {
        found = List.copyOf(found);
        if (found.isEmpty() == reason.isEmpty()) {
            throw new IllegalArgumentException("either GPUs or a reason why there is none");
        }
    }

    /**
     * Asks the driver. The first call in a process starts it, which takes up to a second; memory of a GPU it takes none.
     * Thread-safe.
     */
    public static Gpus ofThisMachine() {
        return CudaDriver.find();
    }

    /**
     * Asks for the memory of one of those found. Takes some hundred MiB of it for a moment where this process does not use
     * that GPU yet.
     *
     * @return empty where the driver refuses, as when all is taken or another process has the GPU for itself
     */
    public static Optional<GpuMemory> memory(Gpu gpu) {
        return CudaDriver.memory(gpu.index());
    }

    /** The GPU that torch calls {@code cuda:N}. */
    public Optional<Gpu> at(int index) {
        return found.stream().filter(gpu -> gpu.index() == index).findFirst();
    }

    static Gpus none(Optional<String> driver, String reason) {
        return new Gpus(List.of(), driver, Optional.of(reason));
    }
}
