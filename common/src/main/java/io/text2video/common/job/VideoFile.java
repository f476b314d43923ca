package io.text2video.common.job;

import jakarta.validation.constraints.NotNull;

/**
 * A finished video in the object store.
 *
 * @param key of the MP4
 * @param posterKey of a PNG of its first frame
 * @param bytes of the MP4
 * @param durationSeconds {@code numFrames / fps}
 */
public record VideoFile(
        @NotNull String key,
        @NotNull String posterKey,
        long bytes,
        int width,
        int height,
        int numFrames,
        int fps,
        double durationSeconds) {}
