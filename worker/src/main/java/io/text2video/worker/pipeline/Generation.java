package io.text2video.worker.pipeline;

import java.time.Duration;

/** A finished generation: its frames and how long each stage of the model took. */
public record Generation(Frames frames, Duration textEncoding, Duration denoising, Duration decoding) {}
