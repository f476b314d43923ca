package io.text2video.image;

import com.drew.imaging.jpeg.JpegSegmentData;
import com.drew.imaging.jpeg.JpegSegmentReader;
import com.drew.imaging.jpeg.JpegSegmentType;
import com.drew.imaging.png.PngChunk;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.lang.SequentialByteArrayReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a file says beside its pixels.
 *
 * @param jpegColors null unless it is a JPEG
 * @param webpHeader null unless it is a WebP; of the others a reader tells it
 */
record Segments(
        ImageFormat format, boolean animated, Orientation orientation, JpegColors jpegColors, ImageHeader webpHeader) {
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] PNG_XMP = "XML:com.adobe.xmp\0\0".getBytes(StandardCharsets.ISO_8859_1);

    /** Reads only the segments it needs, never one that has to be inflated. */
    static Segments of(ImageFormat format, byte[] file) throws InvalidImageException {
        try {
            return switch (format) {
                case PNG -> ofPng(file);
                case JPEG -> ofJpeg(file);
                case WEBP -> {
                    WebpChunks chunks = WebpChunks.of(file);
                    byte[] exif = chunks.exif();
                    yield new Segments(
                            format,
                            chunks.animated(),
                            Orientation.of(startsWith(exif, EXIF) ? tail(exif, EXIF) : exif, chunks.xmp()),
                            null,
                            chunks.header());
                }
            };
        } catch (Exception failure) { // each of the readers has a checked exception of its own
            throw InputImage.damaged(format, failure);
        }
    }

    private static Segments ofPng(byte[] file) throws Exception {
        PngChunkType animation = new PngChunkType("acTL");
        boolean animated = false;
        byte[] exif = null;
        byte[] xmp = null;
        Iterable<PngChunk> chunks = new PngChunkReader()
                .extract(new SequentialByteArrayReader(file), Set.of(PngChunkType.eXIf, PngChunkType.iTXt, animation));
        for (PngChunk chunk : chunks) {
            if (chunk.getType().equals(animation)) {
                animated = true;
            } else if (chunk.getType().equals(PngChunkType.eXIf)) {
                exif = chunk.getBytes();
            } else if (startsWith(chunk.getBytes(), PNG_XMP)) {
                xmp = chunk.getBytes();
            }
        }
        return new Segments(ImageFormat.PNG, animated, Orientation.of(exif, xmp), null, null);
    }

    private static Segments ofJpeg(byte[] file) throws Exception {
        JpegSegmentData segments = JpegSegmentReader.readSegments(
                new SequentialByteArrayReader(file),
                List.of(
                        JpegSegmentType.APP0,
                        JpegSegmentType.APP1,
                        JpegSegmentType.APPE,
                        JpegSegmentType.SOF0,
                        JpegSegmentType.SOF1,
                        JpegSegmentType.SOF2));
        byte[] exif = null;
        byte[] xmp = null;
        for (byte[] segment : segments.getSegments(JpegSegmentType.APP1)) {
            if (exif == null && startsWith(segment, EXIF)) {
                exif = tail(segment, EXIF);
            } else if (startsWith(segment, XMP)) {
                xmp = segment;
            }
        }
        return new Segments(ImageFormat.JPEG, false, Orientation.of(exif, xmp), JpegColors.of(segments), null);
    }

    static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes != null
                && bytes.length >= start.length
                && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static byte[] tail(byte[] bytes, byte[] start) throws IOException {
        return Arrays.copyOfRange(bytes, start.length, bytes.length);
    }
}
