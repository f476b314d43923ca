package io.text2video.worker.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a generation does, one after the other. */
public enum Stage {
    /** The model is loaded, and nothing generated. */
    LOAD,
    /** The prompts are encoded. */
    ENCODE,
    /** Noise becomes latents, step by step; for one from an image or a video, after that was encoded. */
    DENOISE,
    /** Latents become frames. */
    DECODE;

    /** The name that people and JSON use. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
