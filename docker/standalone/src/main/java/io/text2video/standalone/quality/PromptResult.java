package io.text2video.standalone.quality;

/**
 * One video of a variant, held against the baseline's.
 *
 * @param psnr in dB; null where no byte differs
 * @param seconds that it took
 */
public record PromptResult(String prompt, long seed, Double psnr, double ssim, double seconds, int reusedSteps) {}
