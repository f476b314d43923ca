package io.text2video.worker.pipeline;

/** Gathers a whole video on the heap. For one thread. */
public final class CollectedFrames implements FrameSink {
    private final int count;
    private final int height;
    private final int width;
    private final byte[] rgb;
    private int filled;

    /** @param parameters of the video that will come */
    public CollectedFrames(GenerationParameters parameters) {
        count = parameters.numFrames();
        height = parameters.height();
        width = parameters.width();
        rgb = new byte[Math.toIntExact(3L * count * height * width)];
    }

    @Override
    public void accept(Frames chunk) {
        System.arraycopy(chunk.rgb(), 0, rgb, filled, chunk.rgb().length);
        filled += chunk.rgb().length;
    }

    /**
     * The video.
     *
     * @throws IllegalStateException while frames are missing
     */
    public Frames frames() {
        if (filled != rgb.length) {
            throw new IllegalStateException(
                    "%d of %d frames of %dx%d have come".formatted(filled / frameBytes(), count, width, height));
        }
        return new Frames(count, height, width, rgb);
    }

    private int frameBytes() {
        return 3 * height * width;
    }
}
