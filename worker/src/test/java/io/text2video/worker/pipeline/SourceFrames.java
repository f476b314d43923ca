package io.text2video.worker.pipeline;

import io.text2video.worker.Reference;
import java.util.Arrays;

/** The video that the references are made from or drawn along; see make_video_reference.py. */
final class SourceFrames {
    private SourceFrames() {}

    static Frames first(int count) {
        Reference source = Reference.video("source");
        long[] shape = source.tensors().get("source_rgb8").shape();
        int height = (int) shape[1];
        int width = (int) shape[2];
        byte[] rgb = Arrays.copyOf(source.bytes("source_rgb8").array(), count * 3 * height * width);
        return new Frames(count, height, width, rgb);
    }

    /**
     * The most that a byte differs by.
     *
     * @param expected the reference's, which has some frames too many at the start where the latent frames are even in number
     */
    static int mostApart(Frames frames, byte[] expected) {
        int surplus = expected.length - frames.rgb().length;
        int most = 0;
        for (int i = 0; i < frames.rgb().length; i++) {
            most = Math.max(most, Math.abs((frames.rgb()[i] & 255) - (expected[surplus + i] & 255)));
        }
        return most;
    }
}
