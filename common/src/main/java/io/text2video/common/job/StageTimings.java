package io.text2video.common.job;

/**
 * Seconds that each stage of a finished job took. Stages overlap, each other and those of other jobs: their sum may be more
 * than the time that passed.
 *
 * @param queue from the request's creation to the worker's start on it
 * @param textEncoding prompt to embeddings
 * @param denoising all steps
 * @param decoding latents to frames
 * @param videoEncoding frames to MP4 and poster
 * @param upload MP4 and poster into the object store
 */
public record StageTimings(
        double queue, double textEncoding, double denoising, double decoding, double videoEncoding, double upload) {

    /** Seconds from a prompt to its frames: text encoding, denoising and decoding, which estimates are of. */
    public double drawing() {
        return textEncoding + denoising + decoding;
    }
}
