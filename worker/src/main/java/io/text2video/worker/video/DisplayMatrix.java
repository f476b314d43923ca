package io.text2video.worker.video;

import io.text2video.worker.pipeline.RgbImage;

/**
 * How a file says its frames are to be turned: the upper left of its display matrix, each of them 0, 1 or -1. A pixel at x, y
 * is shown at ax + cy, bx + dy, moved so that no side is negative.
 */
record DisplayMatrix(int a, int b, int c, int d) {
    static final DisplayMatrix UPRIGHT = new DisplayMatrix(1, 0, 0, 1);

    /** Of a full turn, in the matrix's fixed point; a rounding error is far below it. */
    private static final int ONE = 1 << 16;

    private static final double TOLERANCE = 0.01;

    /**
     * @param matrix nine numbers in fixed point, as FFmpeg gives them
     * @throws InvalidVideoException when frames are turned by anything but quarters, or not at all
     */
    static DisplayMatrix of(int[] matrix) throws InvalidVideoException {
        double size = Math.max(Math.abs((double) matrix[0]), Math.abs((double) matrix[1]));
        double[] parts = {matrix[0] / size, matrix[1] / size, matrix[3] / size, matrix[4] / size};
        int[] whole = new int[parts.length];
        boolean quarters = size > ONE * TOLERANCE;
        for (int i = 0; i < parts.length; i++) {
            whole[i] = (int) Math.round(parts[i]);
            quarters &= Math.abs(parts[i] - whole[i]) < TOLERANCE;
        }
        var turn = new DisplayMatrix(whole[0], whole[1], whole[2], whole[3]);
        if (!quarters || !turn.isQuarters()) {
            throw new InvalidVideoException(
                    "the video's display matrix [%d, %d, %d, %d] turns it by more or less than quarters; encode it upright"
                            .formatted(matrix[0], matrix[1], matrix[3], matrix[4]));
        }
        return turn;
    }

    private boolean isQuarters() {
        return Math.abs(a) + Math.abs(b) == 1 && Math.abs(a) == Math.abs(d) && Math.abs(b) == Math.abs(c);
    }

    RgbImage apply(RgbImage image) {
        if (equals(UPRIGHT)) {
            return image;
        }
        int width = a == 0 ? image.height() : image.width();
        int height = a == 0 ? image.width() : image.height();
        int left = a + c < 0 ? width - 1 : 0;
        int top = b + d < 0 ? height - 1 : 0;
        byte[] turned = new byte[image.rgb().length];
        int from = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                int to = 3 * ((top + b * x + d * y) * width + left + a * x + c * y);
                for (int channel = 0; channel < 3; channel++) {
                    turned[to++] = image.rgb()[from++];
                }
            }
        }
        return new RgbImage(height, width, turned);
    }
}
