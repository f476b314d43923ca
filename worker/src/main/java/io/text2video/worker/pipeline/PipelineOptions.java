package io.text2video.worker.pipeline;

import io.text2video.worker.quantization.Quantization;
import java.util.Optional;

/**
 * How a checkpoint is loaded and run, the same for all its generations.
 *
 * @param computeType empty for what suits the device best
 * @param quantization empty for what the checkpoint says of itself: none, unless it was written by {@code quantize}
 * @param vaeTiling whether the VAE works in tiles, as diffusers' {@code vae.enable_tiling()}: less memory, slightly other
 *     pixels
 */
public record PipelineOptions(
        Optional<ComputeType> computeType, Optional<Quantization> quantization, boolean vaeTiling) {
    public static final PipelineOptions DEFAULT = new PipelineOptions(Optional.empty(), Optional.empty(), false);
}
