package io.text2video.worker.pipeline;

import io.text2video.worker.config.VaeConfig;
import java.util.List;
import java.util.Optional;

/**
 * What colour latents have, more or less: a pixel in [−1, 1] is {@code bias + Σ map[channel] · latent[channel]}. One pixel for
 * each of the latents', which stand for a square of the video's.
 *
 * @param map [channels, 3], for latents in the VAE's scale
 * @param bias [3]
 */
record LatentRgb(List<List<Double>> map, List<Double> bias) {
    static final int COLOURS = 3;

    /**
     * Of CogVideoX's own VAE, as published in ComfyUI-CogVideoXWrapper, {@code CogVideoXLatentFormat}; rows are channels.
     * It is for latents as the transformer of CogVideoX-5b has them, and there applied to five times x0.
     */
    private static final double[][] COGVIDEOX = {
        {0.03197404301362048, 0.04091260743347359, 0.0015679806301828524},
        {0.005517101026578029, 0.0052348639043457755, -0.005613441650464035},
        {0.0012485338264583965, -0.016096744206117782, 0.025023940031635054},
        {0.01760126794276171, 0.0036818415416642893, -0.0006019202528157255},
        {0.000444954842288864, 0.006102128982092191, 0.0008457999272962447},
        {-0.010531904354560697, -0.0032275501924977175, -0.00886595780267917},
        {-0.0001454543946122991, 0.010199210750845965, -0.00012702234832386188},
        {0.02078497279904325, -0.001669617778939972, 0.006712703698951264},
        {0.005529571599763264, 0.009733929789086743, 0.001887302765339838},
        {0.012138415094654218, 0.024684961927224837, 0.037211249767461915},
        {0.0010364484570000384, 0.01983636315929172, 0.009864602025627755},
        {0.006802862648143341, -0.0010509255113510681, -0.007026003345126021},
        {0.0003532208468418043, 0.005351971582801936, -0.01845912126717106},
        {-0.009045079994694397, -0.01127941143183089, 0.0042294057970470806},
        {0.002548289972720752, 0.025224244654428216, -0.0006086130121693347},
        {-0.011135669222532816, 0.0018181308593668505, 0.02794541485349922}
    };

    private static final List<Double> COGVIDEOX_BIAS = List.of(-0.023, 0.0, -0.017);

    /** From the VAE's scale to CogVideoX-5b's, and what is applied there. */
    private static final double COGVIDEOX_FACTOR = 0.7 * 5;

    private static final List<Integer> COGVIDEOX_BLOCKS = List.of(128, 256, 256, 512);
    private static final List<Double> COGVIDEOX_SCALES = List.of(0.7, 1.15258426);

    LatentRgb {
        if (map == null || bias == null || bias.size() != COLOURS) {
            throw new IllegalArgumentException("a map of latents to colours needs a map and a bias of 3");
        }
        map = map.stream().map(List::copyOf).toList();
        bias = List.copyOf(bias);
        for (List<Double> row : map) {
            if (row.size() != COLOURS) {
                throw new IllegalArgumentException(
                        "a row of a map of latents to colours has %d values, not 3".formatted(row.size()));
            }
        }
    }

    /** @param weights [channels + 1, 3], the bias last */
    static LatentRgb of(double[][] weights, double factor) {
        return of(List.of(weights).subList(0, weights.length - 1), list(weights[weights.length - 1], 1), factor);
    }

    private static LatentRgb of(List<double[]> rows, List<Double> bias, double factor) {
        return new LatentRgb(rows.stream().map(row -> list(row, factor)).toList(), bias);
    }

    private static List<Double> list(double[] row, double factor) {
        return List.of(factor * row[0], factor * row[1], factor * row[2]);
    }

    /**
     * The published one, of CogVideoX's own VAE. All its checkpoints have the same, with one of two scales; it is told by
     * its sizes.
     */
    static Optional<LatentRgb> published(VaeConfig vae) {
        boolean isCogVideoX = vae.latentChannels() == COGVIDEOX.length
                && vae.blockOutChannels().equals(COGVIDEOX_BLOCKS)
                && vae.layersPerBlock() == 3
                && vae.temporalCompressionRatio() == 4
                && COGVIDEOX_SCALES.contains(vae.scalingFactor());
        return isCogVideoX ? Optional.of(of(List.of(COGVIDEOX), COGVIDEOX_BIAS, COGVIDEOX_FACTOR)) : Optional.empty();
    }

    int channels() {
        return map.size();
    }

    /** The picture of some latents, of their size. */
    Frames pixels(LatentFrames latents) {
        int pixels = latents.height() * latents.width();
        byte[] rgb = new byte[latents.count() * pixels * COLOURS];
        double[][] weights = map.stream()
                .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
        for (int frame = 0, to = 0; frame < latents.count(); frame++) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                int at = latents.at(frame, pixel);
                double r = bias.get(0);
                double g = bias.get(1);
                double b = bias.get(2);
                for (double[] row : weights) {
                    double latent = latents.values()[at];
                    r += row[0] * latent;
                    g += row[1] * latent;
                    b += row[2] * latent;
                    at += pixels;
                }
                rgb[to++] = unsigned(r);
                rgb[to++] = unsigned(g);
                rgb[to++] = unsigned(b);
            }
        }
        return new Frames(latents.count(), latents.height(), latents.width(), rgb);
    }

    /** @param value in [−1, 1] more or less; NaN becomes black */
    private static byte unsigned(double value) {
        return (byte) Math.round(255 * Math.max(0, Math.min(1, value / 2 + 0.5)));
    }
}
