package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;

/** A coloured ball that moves to the right over a bright ground, with soft edges: what a small model draws. */
public final class BlobFrames {
    private static final int[] BALL = {220, 40, 30};
    private static final int[] GROUND = {230, 225, 200};

    private BlobFrames() {}

    public static Frames draw(int count, int height, int width) {
        byte[] rgb = new byte[3 * count * height * width];
        int i = 0;
        for (int t = 0; t < count; t++) {
            double centre = width * (0.3 + 0.4 * t / count);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double distance = Math.hypot(x - centre, y - height / 2.0);
                    double ball = 1 / (1 + Math.exp(distance - width * 0.2));
                    for (int c = 0; c < 3; c++) {
                        rgb[i++] = (byte) Math.round(ball * BALL[c] + (1 - ball) * GROUND[c]);
                    }
                }
            }
        }
        return new Frames(count, height, width, rgb);
    }
}
