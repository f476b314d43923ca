package io.text2video.image;

import com.drew.imaging.jpeg.JpegSegmentData;
import com.drew.imaging.jpeg.JpegSegmentType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the components of a JPEG mean, by libjpeg's rules.
 *
 * @param luminance the first three are Y, Cb and Cr; of four, they make the complement of the inks
 */
record JpegColors(int components, boolean luminance) {
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ADOBE_TRANSFORM = 11;
    private static final int COMPONENTS = 5;

    static JpegColors of(JpegSegmentData segments) throws InvalidImageException {
        byte[] frame = frame(segments);
        int components = frame[COMPONENTS];
        if (frame.length <= COMPONENTS + 3 * components || components != 1 && components != 3 && components != 4) {
            throw new InvalidImageException(
                    "the JPEG image has %d components; 1, 3 or 4 can be read: save it as RGB".formatted(components));
        }
        Integer transform = adobeTransform(segments);
        boolean luminance =
                switch (components) {
                    case 3 -> {
                        boolean rgb = frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
                        yield hasJfif(segments) || (transform != null ? transform != 0 : !rgb);
                    }
                    case 4 -> transform != null && transform != 0;
                    default -> false;
                };
        return new JpegColors(components, luminance);
    }

    private static byte[] frame(JpegSegmentData segments) throws InvalidImageException {
        for (JpegSegmentType type : List.of(JpegSegmentType.SOF0, JpegSegmentType.SOF1, JpegSegmentType.SOF2)) {
            byte[] frame = segments.getSegment(type);
            if (frame != null && frame.length > COMPONENTS) {
                return frame;
            }
        }
        throw new InvalidImageException(
                "the JPEG image is neither baseline nor progressive, or its header is incomplete; save it again");
    }

    private static boolean hasJfif(JpegSegmentData segments) {
        for (byte[] segment : segments.getSegments(JpegSegmentType.APP0)) {
            if (Segments.startsWith(segment, JFIF)) {
                return true;
            }
        }
        return false;
    }

    private static Integer adobeTransform(JpegSegmentData segments) {
        for (byte[] segment : segments.getSegments(JpegSegmentType.APPE)) {
            if (segment.length > ADOBE_TRANSFORM && Segments.startsWith(segment, ADOBE)) {
                return segment[ADOBE_TRANSFORM] & 255;
            }
        }
        return null;
    }
}
