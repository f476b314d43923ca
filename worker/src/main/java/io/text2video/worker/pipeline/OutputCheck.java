package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;

/**
 * Looks at what a generation makes, so that no video is stored that shows nothing: at the latents once they are
 * denoised, at each chunk of frames as it is decoded, and in the end at all of it. For one generation.
 */
final class OutputCheck {
    /**
     * The brightest byte of a video that counts as black. A decoder that saturates ends at −1, and the last digit of bf16
     * there is worth one byte. Anything drawn on purpose, a night sky too, is brighter somewhere: of 255, 2 is already
     * less than a display shows.
     */
    static final int BLACK = 1;

    private final ComputeType computeType;
    private int brightest;

    OutputCheck(ComputeType computeType) {
        this.computeType = computeType;
    }

    /**
     * Looks at denoised latents.
     *
     * @throws NonFiniteOutputException when any value is infinite or NaN
     */
    void latents(MemoryScope scope, Tensor latents) {
        if (!TensorKernels.allFinite(scope, latents)) {
            throw refuse("the latents are not finite after the last step");
        }
    }

    /**
     * Looks at frames before they are clamped to what can be shown.
     *
     * @param decoded in [−1, 1] more or less, of any shape
     * @throws NonFiniteOutputException when any value is infinite or NaN
     */
    void chunk(MemoryScope scope, Tensor decoded) {
        int byteValue = (int) scope.callForLong("brightest_byte", decoded);
        if (byteValue < 0) {
            throw refuse("the decoded frames are not finite");
        }
        brightest = Math.max(brightest, byteValue);
    }

    /**
     * Says what all chunks together come to.
     *
     * @throws NonFiniteOutputException when no pixel of any frame is brighter than black
     */
    void finish() {
        if (brightest <= BLACK) {
            throw refuse("every pixel of every frame is black");
        }
    }

    private NonFiniteOutputException refuse(String what) {
        return new NonFiniteOutputException("%s, computed in %s; %s"
                .formatted(
                        what,
                        computeType,
                        switch (computeType) {
                            case FP16 ->
                                "the model's values are beyond the range of fp16: run it in bf16 or fp32 (--dtype or WORKER_DTYPE)";
                            case BF16, FP32 ->
                                "that is range enough, so look for damaged weights of the model or of a LoRA, or ask for less guidance";
                        }));
    }
}
