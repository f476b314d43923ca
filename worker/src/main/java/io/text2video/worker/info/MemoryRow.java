package io.text2video.worker.info;

/**
 * What a generation takes with the weights kept one way, in bytes.
 *
 * @param weights how they are kept
 * @param textEncoder weights of the text encoder
 * @param transformer weights of the transformer
 * @param vae weights of the VAE, or of its decoder alone where the model starts from no image
 * @param gpu peak on a GPU, by the plan of a generation that saves nothing: transformer and VAE stay there, the text
 *     encoder passes through
 * @param gpuLeast the same of the plan that takes the least, tiles included
 * @param hostOnCpu peak of the process where the CPU computes, all weights there; for fp32, those that are stored in half
 *     precision stay so and are widened one at a time; for fp16, whatever is multiplied is widened
 * @param hostOnCpuMapped how much of that is files that are used as they are stored: mapped, not read, so the system may
 *     drop and reload them (page cache)
 * @param safe whether the model's values fit the type
 * @param runsHere whether this build of the engine can do it, and does not refuse to
 */
public record MemoryRow(
        Precision weights,
        long textEncoder,
        long transformer,
        long vae,
        long gpu,
        long gpuLeast,
        long hostOnCpu,
        long hostOnCpuMapped,
        boolean safe,
        boolean runsHere) {}
