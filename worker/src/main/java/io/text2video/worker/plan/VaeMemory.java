package io.text2video.worker.plan;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import java.util.List;
import java.util.function.Consumer;

/**
 * Bytes that the VAE holds at its peak beside its weights. Of the decoder it walks the layers for the first chunk of latent
 * frames, which the remainder joins, and for a later one, and takes the most that any layer needs. At a layer of n = t·h·w
 * places:
 *
 * <ul>
 *   <li>norm and convolution from c to c' channels: the input c·n, the normed input with two frames before it
 *       c·(t+2)·h·w, the two frames that the next chunk starts from, and the convolution with its output c'·n;
 *   <li>a resnet's second half: the same, where oneDNN convolves without an output, which it adds to the resnet's input or
 *       its shortcut;
 *   <li>upsampling: the input, and the larger frames before and after their convolution;
 *   <li>and always the two last input frames of every convolution so far.
 * </ul>
 */
final class VaeMemory {
    /** Frames that a convolution three frames deep takes from the chunk before. */
    private static final int PAST = 2;

    /** Resnets of the middle block; fixed by the reference. */
    private static final int MID_LAYERS = 2;

    private final VaeConfig config;
    private final Arithmetic arithmetic;
    private final boolean carried;
    private long frames;
    private long pixels;
    private long tails;
    private long peak;

    private VaeMemory(VaeConfig config, Arithmetic arithmetic, long frames, long pixels, boolean carried, long tails) {
        this.config = config;
        this.arithmetic = arithmetic;
        this.frames = frames;
        this.pixels = pixels;
        this.carried = carried;
        this.tails = tails;
    }

    /**
     * While latents become frames.
     *
     * @param latentHeight of the video, or of a tile
     * @param latentWidth of the same
     */
    static long ofFrames(Extent video, Arithmetic arithmetic, int latentHeight, int latentWidth) {
        long pixels = (long) latentHeight * latentWidth;
        int chunk = AutoencoderKLCogVideoX.LATENT_FRAMES_PER_CHUNK;
        return ofChunks(video, arithmetic, video.latentFrames(), chunk, pixels, VaeMemory::walk);
    }

    /**
     * While an image or a video becomes latents: the last resnet of its own size takes the most, as each convolution kept two
     * frames.
     *
     * @param frames of the video; 1 of an image
     */
    static long ofSamples(Extent video, Arithmetic arithmetic, int frames, int latentHeight, int latentWidth) {
        int ratio = video.vae().spatialCompressionRatio();
        long pixels = (long) latentHeight * ratio * latentWidth * ratio;
        int chunk = AutoencoderKLCogVideoX.SAMPLE_FRAMES_PER_CHUNK;
        return ofChunks(video, arithmetic, frames, chunk, pixels, VaeMemory::walkFirstLevel);
    }

    private static long ofChunks(
            Extent video, Arithmetic arithmetic, int frames, int chunk, long pixels, Consumer<VaeMemory> walk) {
        int first = Math.min(frames, chunk + frames % chunk);
        VaeMemory start = new VaeMemory(video.vae(), arithmetic, first, pixels, false, 0);
        walk.accept(start);
        if (frames == first) {
            return start.peak;
        }
        VaeMemory next = new VaeMemory(video.vae(), arithmetic, chunk, pixels, true, start.tails);
        walk.accept(next);
        return Math.max(start.peak, next.peak);
    }

    private void walkFirstLevel() {
        int channels = config.blockOutChannels().get(0);
        for (int layer = 0; layer < config.layersPerBlock(); layer++) {
            resnet(channels, channels);
        }
    }

    private void walk() {
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int doublings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        int width = channels.get(blocks - 1);
        convolve(0, config.latentChannels(), width, false);
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
        convolve(places(width), width, config.outChannels(), false);
    }

    private void resnet(int in, int out) {
        long shortcut = in == out ? 0 : places(out);
        convolve(places(in), in, out, false);
        convolve(places(in) + shortcut + places(out), out, out, true);
    }

    /**
     * @param held values that stay beside the convolution's own
     * @param added whether the result is added to some of them
     */
    private void convolve(long held, int in, int out, boolean added) {
        long tail = PAST * in * pixels;
        long padded = places(in) + tail;
        meet(held, arithmetic.moments(in * pixels));
        meet(held + padded + tail, arithmetic.convolution(padded, places(out), added));
        // In a later chunk the new tail takes the old one's place.
        tails += carried ? 0 : tail;
    }

    private void upsample(int channels, boolean doubleFrames) {
        long before = places(channels);
        pixels *= 4;
        if (doubleFrames && frames > 1) {
            frames = frames % 2 == 1 ? 2 * frames - 1 : 2 * frames;
        }
        meet(before + places(channels), arithmetic.convolution(places(channels), places(channels), false));
    }

    private long places(int channels) {
        return channels * frames * pixels;
    }

    private void meet(long values, long beside) {
        peak = Math.max(peak, arithmetic.bytes() * (tails + values) + beside);
    }
}
