package io.text2video.worker.plan;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import java.util.List;

/**
 * Values that the VAE's decoder holds at its peak, without tiling. It walks the decoder's layers for the first chunk of
 * latent frames, which the remainder joins, and for a later one, and takes the most that any layer needs. At a layer
 * of n = t·h·w places:
 *
 * <ul>
 *   <li>norm and convolution from c to c' channels: the input c·n, the normed input with two frames before it
 *       c·(t+2)·h·w, the output c'·n, and the two frames that the next chunk starts from;
 *   <li>a resnet's second half: the same without an output, which is added to the resnet's input or its shortcut;
 *   <li>upsampling: the input, and the larger frames before and after their convolution;
 *   <li>and always the two last input frames of every convolution so far.
 * </ul>
 */
final class DecoderMemory {
    /** Frames that a convolution three frames deep takes from the chunk before. */
    private static final int PAST = 2;

    /** Resnets of the middle block; fixed by the reference. */
    private static final int MID_LAYERS = 2;

    private final VaeConfig config;
    private final boolean carried;
    private long frames;
    private long pixels;
    private long tails;
    private long peak;

    private DecoderMemory(VaeConfig config, long frames, long pixels, boolean carried, long tails) {
        this.config = config;
        this.frames = frames;
        this.pixels = pixels;
        this.carried = carried;
        this.tails = tails;
    }

    static long values(Extent video) {
        return values(video, video.latentHeight(), video.latentWidth());
    }

    /**
     * The same for a tile.
     *
     * @param latentHeight of the tile
     * @param latentWidth of the tile
     */
    static long values(Extent video, int latentHeight, int latentWidth) {
        int latents = video.latentFrames();
        int chunk = AutoencoderKLCogVideoX.LATENT_FRAMES_PER_CHUNK;
        int first = Math.min(latents, chunk + latents % chunk);
        long pixels = (long) latentHeight * latentWidth;
        DecoderMemory start = new DecoderMemory(video.vae(), first, pixels, false, 0);
        start.walk();
        if (latents == first) {
            return start.peak;
        }
        DecoderMemory next = new DecoderMemory(video.vae(), chunk, pixels, true, start.tails);
        next.walk();
        return Math.max(start.peak, next.peak);
    }

    private void walk() {
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int doublings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        int width = channels.get(blocks - 1);
        convolve(0, config.latentChannels(), places(width));
        for (int i = 0; i < MID_LAYERS; i++) {
            resnet(width, width);
        }
        for (int i = 0; i < blocks; i++) {
            int out = channels.get(blocks - 1 - i);
            for (int layer = 0; layer <= config.layersPerBlock(); layer++) {
                resnet(layer == 0 ? width : out, out);
            }
            width = out;
            if (i < blocks - 1) {
                upsample(width, i < doublings);
            }
        }
        convolve(places(width), width, places(config.outChannels()));
    }

    private void resnet(int in, int out) {
        long shortcut = in == out ? 0 : places(out);
        convolve(places(in), in, places(out));
        convolve(places(in) + shortcut + places(out), out, 0);
    }

    /**
     * @param held values that stay beside the convolution's own
     * @param result values of its result; none where that is added to what is held
     */
    private void convolve(long held, int in, long result) {
        long tail = PAST * in * pixels;
        long padded = places(in) + tail;
        meet(held + padded + tail + result);
        // In a later chunk the new tail takes the old one's place.
        tails += carried ? 0 : tail;
    }

    private void upsample(int channels, boolean doubleFrames) {
        long before = places(channels);
        pixels *= 4;
        if (doubleFrames && frames > 1) {
            frames = frames % 2 == 1 ? 2 * frames - 1 : 2 * frames;
        }
        meet(before + 2 * places(channels));
    }

    private long places(int channels) {
        return channels * frames * pixels;
    }

    private void meet(long held) {
        peak = Math.max(peak, tails + held);
    }
}
