package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;

/**
 * Makes of an image what the VAE's encoder takes, in the numbers of diffusers 0.39's
 * {@code VideoProcessor.preprocess(image, height, width)}. Stateless.
 */
final class ImagePreprocessor {
    private ImagePreprocessor() {}

    /**
     * Resizes the image, whatever its aspect ratio, and maps 0…255 to −1…1.
     *
     * @param scope owns the tensor
     * @return [1, 3, 1, height, width] of fp32
     */
    static Tensor preprocess(MemoryScope scope, RgbImage image, int height, int width) {
        RgbImage resized = LanczosResize.resize(image, height, width);
        return TensorKernels.ofFloats(scope, normalized(resized), 1, 3, 1, height, width);
    }

    private static float[] normalized(RgbImage image) {
        byte[] rgb = image.rgb();
        int plane = image.height() * image.width();
        float[] values = new float[3 * plane];
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                // In this order, each step rounded to fp32, as NumPy and then PyTorch do it.
                values[channel * plane + pixel] = 2f * ((rgb[3 * pixel + channel] & 255) / 255f) - 1f;
            }
        }
        return values;
    }
}
