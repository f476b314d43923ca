package io.text2video.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a worker is at with a job. The names are those of {@code timings}. */
public enum VideoStage {
    DENOISING,
    /** Frames are encoded beside it. */
    DECODING,
    /** All frames are decoded: the last are encoded, and the video is stored. */
    UPLOAD;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
