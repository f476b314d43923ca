package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes of an image what the VAE's encoder takes, in the numbers of diffusers 0.39's
 * {@code VideoProcessor.preprocess(image, height, width)}. Stateless.
 */
final class ImagePreprocessor {
    /** Pixels are [B, 3, F, H, W]. */
    private static final int FRAMES = 2;

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

    /**
     * The same of each frame of a video.
     *
     * @param out owns the tensor
     * @return [1, 3, frames, height, width] of that dtype
     */
    static Tensor preprocess(MemoryScope out, Frames frames, int height, int width, DType dtype) {
        try (MemoryScope scope = out.open()) {
            List<Tensor> all = new ArrayList<>();
            for (int i = 0; i < frames.count(); i++) {
                // One by one: all of them take four times the room on the heap that their bytes do.
                all.add(TensorKernels.cast(scope, preprocess(scope, frames.rgb(i), height, width), dtype));
            }
            return TensorKernels.concat(out, all, FRAMES);
        }
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
