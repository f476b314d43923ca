package io.text2video.standalone;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import io.text2video.worker.video.InvalidVideoException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;

/** An MP4 as a player sees it. */
record DecodedVideo(List<BufferedImage> frames, double fps) {
    /** Colour distance from which a pixel belongs to the shape. */
    private static final double DISTINCT = 70;

    /** The shape in one frame: its centre and mean colour. */
    record Blob(double x, double y, int pixels, Color color) {}

    static DecodedVideo of(byte[] mp4) throws IOException {
        Path file = Files.createTempFile("decoded-", ".mp4");
        try {
            Files.write(file, mp4);
            return read(file);
        } finally {
            Files.delete(file);
        }
    }

    static DecodedVideo read(Path file) throws IOException {
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
        try (var grabber = new FFmpegFrameGrabber(file.toFile())) {
            grabber.start();
            double fps = grabber.getVideoFrameRate();
            Frames frames = InputVideo.decode(file, Sampling.of((int) Math.round(fps), InputVideo.MAX_FRAMES));
            return new DecodedVideo(
                    IntStream.range(0, frames.count()).mapToObj(frames::image).toList(), fps);
        } catch (InvalidVideoException e) {
            throw new IOException(e);
        }
    }

    /** What stands out from the background in one frame. */
    Blob blob(int frame, Sentence.Background background) {
        BufferedImage image = frames.get(frame);
        double x = 0;
        double y = 0;
        double[] sum = new double[3];
        int pixels = 0;
        for (int row = 0; row < image.getHeight(); row++) {
            for (int column = 0; column < image.getWidth(); column++) {
                Color color = new Color(image.getRGB(column, row));
                if (distance(color, background.color) > DISTINCT) {
                    pixels++;
                    x += column;
                    y += row;
                    sum[0] += color.getRed();
                    sum[1] += color.getGreen();
                    sum[2] += color.getBlue();
                }
            }
        }
        int count = Math.max(pixels, 1);
        Color mean = new Color((int) (sum[0] / count), (int) (sum[1] / count), (int) (sum[2] / count));
        return new Blob(x / count, y / count, pixels, mean);
    }

    static Sentence.Paint nearest(Color color) {
        return Arrays.stream(Sentence.Paint.values())
                .min(Comparator.comparingDouble(paint -> distance(color, paint.color)))
                .orElseThrow();
    }

    private static double distance(Color a, Color b) {
        return Math.sqrt(Math.pow(a.getRed() - b.getRed(), 2)
                + Math.pow(a.getGreen() - b.getGreen(), 2)
                + Math.pow(a.getBlue() - b.getBlue(), 2));
    }
}
