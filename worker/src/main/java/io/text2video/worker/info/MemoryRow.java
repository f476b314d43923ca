package io.text2video.worker.info;

import io.text2video.worker.plan.WorkingMemory;

/**
 * What a generation takes with the weights kept one way, in bytes.
 *
 * @param weights how they are kept
 * @param textEncoder weights of the text encoder
 * @param transformer weights of the transformer
 * @param vae weights of the VAE, or of its decoder alone where the model starts from no image
 * @param working what each stage takes beside the weights
 * @param deviceAllResident peak on the device that computes with all weights there
 * @param deviceEncoderReleased the same where the text encoder leaves before the other two arrive
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
        WorkingMemory working,
        long deviceAllResident,
        long deviceEncoderReleased,
        long hostOnCpu,
        long hostOnCpuMapped,
        boolean safe,
        boolean runsHere) {}
