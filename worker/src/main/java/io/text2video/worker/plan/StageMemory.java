package io.text2video.worker.plan;

/**
 * What the process holds at a stage's peak, in bytes: of the machine's memory or of a GPU's.
 *
 * @param process Java, the native engine and their libraries; on a GPU, the context and the libraries' own memory
 * @param mapped weights that are used as they are stored: pages of files, which the system may drop and read again. What
 *     an earlier job touched stays until then, so all networks count whose weights are not given up. None on a GPU
 * @param weights that have memory of their own: converted or quantized as they were loaded, and a job's LoRAs; on a GPU, all
 *     that are there
 * @param working tensors, frames, and what libraries and the allocator need beside them
 */
public record StageMemory(Stage stage, long process, long mapped, long weights, long working) {
    /** The resident set, or what is taken of the GPU. */
    public long total() {
        return process + mapped + weights + working;
    }

    /** What the system cannot take back. */
    public long held() {
        return total() - mapped;
    }
}
