package io.text2video.worker.pipeline;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.AutoencoderKLCogVideoX.DiagonalGaussianDistribution;
import io.text2video.worker.model.Tiling;
import java.util.Optional;
import java.util.Random;

/**
 * Finds out what colours a VAE's latents have: encodes some small made up clips, decodes what came of them, and fits the decoded
 * pixels' means to the latents by least squares. The same for the same weights.
 */
final class LatentRgbFit {
    private static final int CLIPS = 10;

    /** An odd number, which decodes to 4k+1 frames. */
    private static final int LATENT_FRAMES = 3;

    /** Pixels of a clip's side, where the VAE makes at least some latents of them. */
    private static final int SIDE = 64;

    private static final int LEAST_LATENTS = 4;

    /** Keeps what the clips do not tell at nothing; a part of the mean square of all. */
    private static final double RIDGE = 1e-4;

    private static final int DISCS = 4;

    private final VaeConfig config;
    private final Random random = new Random(0);

    /** Sums of products of latents, a 1 last, with themselves and with colours. */
    private final double[][] products;

    private final double[][] targets;

    private LatentRgbFit(VaeConfig config) {
        this.config = config;
        int unknown = config.latentChannels() + 1;
        products = new double[unknown][unknown];
        targets = new double[unknown][LatentRgb.COLOURS];
    }

    /** @param dtype that the VAE computes in */
    static LatentRgb fit(MemoryScope parent, AutoencoderKLCogVideoX vae, VaeConfig config, DType dtype) {
        var fit = new LatentRgbFit(config);
        for (int clip = 0; clip < CLIPS; clip++) {
            try (MemoryScope scope = parent.open()) {
                fit.add(scope, vae, dtype, clip % 2 == 0);
            }
        }
        return LatentRgb.of(fit.solve(), 1);
    }

    private void add(MemoryScope scope, AutoencoderKLCogVideoX vae, DType dtype, boolean onBlack) {
        int ratio = config.spatialCompressionRatio();
        int side = Math.max(LEAST_LATENTS, SIDE / ratio);
        int frames = AutoencoderKLCogVideoX.decodedFrames(LATENT_FRAMES, config.temporalCompressionRatio());
        float[] clip = clip(onBlack, frames, side * ratio);
        Tensor pixels = TensorKernels.cast(
                scope, TensorKernels.ofFloats(scope, clip, 1, 3, frames, side * ratio, side * ratio), dtype);
        Tensor latents = new DiagonalGaussianDistribution(vae.encode(scope, pixels, Tiling.NONE)).mean(scope);
        float[] values = TensorKernels.toFloats(scope, latents); // [1, C, F, h, w]
        double[] colours = new double[LatentRgb.COLOURS * LATENT_FRAMES * side * side];
        int[] decoded = {0};
        vae.decode(scope, latents, Tiling.NONE, chunk -> {
            int count = chunk.size(2);
            pool(TensorKernels.toFloats(scope, chunk), count, decoded[0], side, colours);
            decoded[0] += count;
        });
        int area = LATENT_FRAMES * side * side;
        double[] row = new double[products.length];
        for (int at = 0; at < area; at++) {
            for (int channel = 0; channel < row.length - 1; channel++) {
                row[channel] = values[channel * area + at];
            }
            row[row.length - 1] = 1;
            for (int i = 0; i < row.length; i++) {
                for (int j = 0; j < row.length; j++) {
                    products[i][j] += row[i] * row[j];
                }
                for (int colour = 0; colour < LatentRgb.COLOURS; colour++) {
                    targets[i][colour] += row[i] * colours[colour * area + at];
                }
            }
        }
    }

    /**
     * Adds the means of the pixels that each latent stands for.
     *
     * @param pixels [1, 3, count, height, width]
     * @param before how many frames came before these
     * @param colours [3, LATENT_FRAMES, side, side]
     */
    private void pool(float[] pixels, int count, int before, int side, double... colours) {
        int ratio = config.spatialCompressionRatio();
        int height = side * ratio;
        for (int colour = 0; colour < LatentRgb.COLOURS; colour++) {
            for (int frame = 0; frame < count; frame++) {
                int latent =
                        (before + frame + config.temporalCompressionRatio() - 1) / config.temporalCompressionRatio();
                int together = latent == 0 ? 1 : config.temporalCompressionRatio();
                double share = 1.0 / (together * ratio * ratio);
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < height; x++) {
                        int to = ((colour * LATENT_FRAMES + latent) * side + y / ratio) * side + x / ratio;
                        colours[to] += share * pixels[((colour * count + frame) * height + y) * height + x];
                    }
                }
            }
        }
    }

    /**
     * Discs of some colours that move over a ground, which is black in every other clip as in many a video: [1, 3, frames, side,
     * side].
     */
    private float[] clip(boolean onBlack, int frames, int side) {
        float[] ground = onBlack ? new float[] {-1, -1, -1} : colour();
        float[][] discs = new float[DISCS][];
        float[][] places = new float[DISCS][5];
        for (int disc = 0; disc < DISCS; disc++) {
            discs[disc] = colour();
            for (int i = 0; i < places[disc].length; i++) {
                places[disc][i] = random.nextFloat();
            }
        }
        float[] clip = new float[3 * frames * side * side];
        for (int frame = 0; frame < frames; frame++) {
            float time = frames == 1 ? 0 : (float) frame / (frames - 1);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    float[] colours = disc(discs, places, (float) x / side, (float) y / side, time)
                            .orElse(ground);
                    for (int colour = 0; colour < 3; colour++) {
                        clip[((colour * frames + frame) * side + y) * side + x] = colours[colour];
                    }
                }
            }
        }
        return clip;
    }

    /** @param places of each disc: where it is, how large, and where it goes to, all in parts of the side */
    private static Optional<float[]> disc(float[][] discs, float[][] places, float x, float y, float time) {
        for (int disc = 0; disc < discs.length; disc++) {
            float[] place = places[disc];
            float dx = x - place[0] - time * (place[3] - 0.5f) / 4;
            float dy = y - place[1] - time * (place[4] - 0.5f) / 4;
            float radius = 0.1f + place[2] / 5;
            if (dx * dx + dy * dy < radius * radius) {
                return Optional.of(discs[disc]);
            }
        }
        return Optional.empty();
    }

    private float[] colour() {
        return new float[] {2 * random.nextFloat() - 1, 2 * random.nextFloat() - 1, 2 * random.nextFloat() - 1};
    }

    /** Gaussian elimination of the normal equations, which the ridge keeps from being singular: [channels + 1, 3]. */
    private double[][] solve() {
        int unknown = products.length;
        double square = 0;
        for (int i = 0; i < unknown; i++) {
            square += products[i][i] / unknown;
        }
        for (int i = 0; i < unknown; i++) {
            products[i][i] += RIDGE * square;
        }
        for (int pivot = 0; pivot < unknown; pivot++) {
            for (int row = 0; row < unknown; row++) {
                if (row != pivot) {
                    double factor = products[row][pivot] / products[pivot][pivot];
                    subtract(products[row], products[pivot], factor);
                    subtract(targets[row], targets[pivot], factor);
                }
            }
        }
        double[][] weights = new double[unknown][LatentRgb.COLOURS];
        for (int i = 0; i < unknown; i++) {
            for (int colour = 0; colour < LatentRgb.COLOURS; colour++) {
                weights[i][colour] = targets[i][colour] / products[i][i];
            }
        }
        return weights;
    }

    private static void subtract(double[] from, double[] row, double factor) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= factor * row[i];
        }
    }
}
