package io.text2video.worker.pipeline;

import java.time.Duration;

/**
 * A finished generation.
 *
 * @param frames how many the sink was given
 * @param textEncoding how long each stage of the model took
 * @param decoding with what the sink made it wait
 * @param reusedSteps how many of the denoising steps used the transformer's earlier work again
 */
public record Generation(int frames, Duration textEncoding, Duration denoising, Duration decoding, int reusedSteps) {}
