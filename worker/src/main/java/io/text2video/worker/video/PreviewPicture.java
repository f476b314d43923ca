package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Some frames side by side, as a JPEG of at most {@value #MOST_BYTES} bytes. */
public final class PreviewPicture {
    public static final String MEDIA_TYPE = "image/jpeg";

    /** What a picture takes at most: less of its quality is kept, then less of its size. */
    public static final int MOST_BYTES = 20_000;

    private static final float[] QUALITIES = {0.9f, 0.75f, 0.5f};

    private PreviewPicture() {}

    /** @throws IOException when this Java runtime cannot write it */
    public static byte[] jpeg(Frames frames) throws IOException {
        for (BufferedImage image = strip(frames); ; image = halved(image)) {
            for (float quality : QUALITIES) {
                byte[] jpeg = write(image, quality);
                if (jpeg.length <= MOST_BYTES) {
                    return jpeg;
                }
            }
        }
    }

    private static BufferedImage strip(Frames frames) {
        var strip = new BufferedImage(frames.count() * frames.width(), frames.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = strip.createGraphics();
        for (int frame = 0; frame < frames.count(); frame++) {
            graphics.drawImage(frames.image(frame), frame * frames.width(), 0, null);
        }
        graphics.dispose();
        return strip;
    }

    private static BufferedImage halved(BufferedImage image) {
        int width = Math.max(1, image.getWidth() / 2);
        int height = Math.max(1, image.getHeight() / 2);
        var halved = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = halved.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return halved;
    }

    private static byte[] write(BufferedImage image, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
