package io.text2video.image;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a stored image has to be turned to stand upright, in the order of EXIF's values 1 to 8.
 *
 * @see <a href="https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf">EXIF 2.3, tag 0x0112</a>
 */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    TURN_RIGHT(true, false, true),
    TRANSVERSE(true, true, true),
    TURN_LEFT(true, true, false);

    private static final Pattern IN_XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private final boolean swapped;
    private final boolean fromRight;
    private final boolean fromBottom;

    /**
     * Names where a pixel of the result comes from.
     *
     * @param swapped its row is the source's column
     * @param fromRight the source's columns are counted from the right
     * @param fromBottom the source's rows are counted from the bottom
     */
    Orientation(boolean swapped, boolean fromRight, boolean fromBottom) {
        this.swapped = swapped;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /**
     * EXIF's word, else XMP's, else upright. Metadata that cannot be read does not spoil the picture.
     *
     * @param exif a TIFF structure, or null
     * @param xmp text that holds an XMP packet, or null
     */
    static Orientation of(byte[] exif, byte[] xmp) {
        Integer value = exif == null ? null : inExif(exif);
        if (value == null && xmp != null) {
            Matcher matcher = IN_XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
            value = matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
        }
        return value == null || value < 1 || value > values().length ? UPRIGHT : values()[value - 1];
    }

    private static Integer inExif(byte[] exif) {
        Metadata metadata = new Metadata();
        try {
            new ExifReader().extract(new ByteArrayReader(exif), metadata);
        } catch (RuntimeException damaged) {
            return null;
        }
        ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        return directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
    }

    DecodedImage apply(DecodedImage image) {
        if (this == UPRIGHT) {
            return image;
        }
        int height = swapped ? image.width() : image.height();
        int width = swapped ? image.height() : image.width();
        byte[] source = image.rgb();
        byte[] turned = new byte[source.length];
        int to = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++, to += 3) {
                int row = swapped ? x : y;
                int column = swapped ? y : x;
                row = fromBottom ? image.height() - 1 - row : row;
                column = fromRight ? image.width() - 1 - column : column;
                System.arraycopy(source, 3 * (row * image.width() + column), turned, to, 3);
            }
        }
        return new DecodedImage(height, width, turned);
    }
}
