package io.text2video.image;

import java.nio.charset.StandardCharsets;

/** The kinds of file an image may come in. */
public enum ImageFormat {
    PNG("image/png"),
    JPEG("image/jpeg"),
    WEBP("image/webp");

    private final String mediaType;

    ImageFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** Such as {@code image/png}. */
    public String mediaType() {
        return mediaType;
    }

    /** Goes by the first bytes alone: what a client calls the file does not count. */
    static ImageFormat of(byte[] file) throws InvalidImageException {
        String start = new String(file, 0, Math.min(file.length, 16), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return WEBP;
        }
        throw new InvalidImageException(
                "the file %s; an image must be PNG, JPEG or WebP: convert it".formatted(guess(start)));
    }

    private static String guess(String start) {
        if (start.isEmpty()) {
            return "is empty";
        }
        if (start.startsWith("GIF8")) {
            return "looks like GIF";
        }
        if (start.startsWith("BM")) {
            return "looks like BMP";
        }
        if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
            return "looks like TIFF";
        }
        if (start.startsWith("ftyp", 4)) {
            return start.startsWith("avi", 8)
                    ? "looks like AVIF"
                    : start.startsWith("he", 8) || start.startsWith("mif1", 8) ? "looks like HEIC" : "looks like MP4";
        }
        if (start.startsWith("%PDF")) {
            return "looks like PDF";
        }
        if (start.startsWith("<")) {
            return "looks like SVG, XML or HTML";
        }
        return "is of no known image format";
    }
}
