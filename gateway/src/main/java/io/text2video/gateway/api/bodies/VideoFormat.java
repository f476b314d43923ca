package io.text2video.gateway.api.bodies;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The kinds of files that workers read videos from, told apart by their first bytes. */
public enum VideoFormat {
    /** ISO base media and QuickTime: a box's length, then its type. */
    MP4("mp4", "video/mp4", head -> boxes().contains(head.substring(4, 8))),
    /** Matroska and WebM. */
    MATROSKA("mkv", "video/x-matroska", head -> head.startsWith("\u001a\u0045\u00df\u00a3")),
    AVI("avi", "video/x-msvideo", head -> head.startsWith("RIFF") && head.startsWith("AVI ", 8)),
    GIF("gif", "image/gif", head -> head.startsWith("GIF8"));

    /** Bytes that tell. */
    public static final int HEAD = 12;

    /** What they are, for people. */
    static final String NAMES = "MP4, MOV, WebM, Matroska, AVI or GIF";

    private final String extension;
    private final String mediaType;
    private final Predicate<String> begins;

    VideoFormat(String extension, String mediaType, Predicate<String> begins) {
        this.extension = extension;
        this.mediaType = mediaType;
        this.begins = begins;
    }

    private static Set<String> boxes() {
        return Set.of("ftyp", "moov", "mdat", "wide", "free", "skip");
    }

    /** What the file is; nothing where it is none of these. The worker that decodes it looks more closely. */
    public static Optional<VideoFormat> of(byte[] file) {
        if (file.length < HEAD) {
            return Optional.empty();
        }
        String head = new String(file, 0, HEAD, ISO_8859_1);
        return Arrays.stream(values())
                .filter(format -> format.begins.test(head))
                .findFirst();
    }

    /** Of the file's name. */
    public String extension() {
        return extension;
    }

    public String mediaType() {
        return mediaType;
    }
}
