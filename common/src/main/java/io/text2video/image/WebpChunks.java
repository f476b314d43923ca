package io.text2video.image;

import com.drew.imaging.riff.RiffHandler;
import com.drew.imaging.riff.RiffProcessingException;
import com.drew.imaging.riff.RiffReader;
import com.drew.lang.SequentialByteArrayReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * Collects the chunks of a WebP file that are not pixels, and the sizes that the others name: a decoder allocates by
 * those, whatever the canvas is. Numbers in it are little-endian.
 */
final class WebpChunks implements RiffHandler {
    private static final int ANIMATION = 0x02;

    private boolean animated;
    private byte[] exif;
    private byte[] xmp;
    private String damage;
    private int width;
    private int height;

    private WebpChunks() {}

    static WebpChunks of(byte[] file) throws IOException, RiffProcessingException {
        WebpChunks chunks = new WebpChunks();
        new RiffReader().processRiff(new SequentialByteArrayReader(file), chunks);
        if (chunks.damage != null) {
            throw new IIOException(chunks.damage);
        }
        return chunks;
    }

    boolean animated() {
        return animated;
    }

    /** The size that all chunks agree on. */
    ImageHeader header() {
        return new ImageHeader(ImageFormat.WEBP, width, height);
    }

    byte[] exif() {
        return exif;
    }

    byte[] xmp() {
        return xmp;
    }

    @Override
    public boolean shouldAcceptRiffIdentifier(String identifier) {
        return identifier.equals("WEBP");
    }

    @Override
    public boolean shouldAcceptChunk(String fourCC) {
        return switch (fourCC) {
            case "VP8X", "VP8 ", "VP8L", "ANIM", "ANMF", "EXIF", "XMP " -> true;
            default -> false;
        };
    }

    @Override
    public boolean shouldAcceptList(String fourCC) {
        damage = "it has a list of chunks, which WebP knows nothing of";
        return false;
    }

    @Override
    public void processChunk(String fourCC, byte[] payload) {
        ByteBuffer numbers = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        switch (fourCC) {
            case "VP8X" -> {
                animated |= (payload[0] & ANIMATION) != 0;
                pixels(1 + (numbers.getInt(3) >>> 8), 1 + (numbers.getInt(6) >>> 8));
            }
            case "VP8 " -> pixels(numbers.getShort(6) & 0x3fff, numbers.getShort(8) & 0x3fff);
            case "VP8L" -> {
                int sizes = numbers.getInt(1);
                pixels(1 + (sizes & 0x3fff), 1 + (sizes >>> 14 & 0x3fff));
            }
            case "ANIM", "ANMF" -> animated = true;
            case "EXIF" -> exif = payload;
            case "XMP " -> xmp = payload;
            default -> addError("it has a chunk " + fourCC);
        }
    }

    private void pixels(int chunkWidth, int chunkHeight) {
        if (width != 0 && !animated && (width != chunkWidth || height != chunkHeight)) {
            addError("it says both %dx%d and %dx%d".formatted(width, height, chunkWidth, chunkHeight));
        }
        width = chunkWidth;
        height = chunkHeight;
    }

    @Override
    public void addError(String message) {
        damage = message;
    }
}
