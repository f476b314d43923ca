package io.text2video.worker.pipeline;

import java.time.Duration;

/**
 * A finished generation: its frames and how long each stage of the model took.
 *
 * @param reusedSteps how many of the denoising steps used the transformer's earlier work again
 */
public record Generation(
        Frames frames, Duration textEncoding, Duration denoising, Duration decoding, int reusedSteps) {}
