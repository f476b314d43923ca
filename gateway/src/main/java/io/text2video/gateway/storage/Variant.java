package io.text2video.gateway.storage;

import io.text2video.common.job.VideoFile;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which of a video's files. */
public enum Variant {
    VIDEO("video/mp4", "mp4"),
    THUMBNAIL("image/png", "png");

    private final String mediaType;
    private final String extension;

    Variant(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** The variant of that name in the API, such as {@code thumbnail}. */
    public static Optional<Variant> named(String name) {
        return Arrays.stream(values())
                .filter(variant -> variant.name().toLowerCase(Locale.ROOT).equals(name))
                .findAny();
    }

    public String mediaType() {
        return mediaType;
    }

    public String extension() {
        return extension;
    }

    String key(VideoFile file) {
        return switch (this) {
            case VIDEO -> file.key();
            case THUMBNAIL -> file.posterKey();
        };
    }
}
