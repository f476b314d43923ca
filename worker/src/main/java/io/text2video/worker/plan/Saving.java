package io.text2video.worker.plan;

import com.fasterxml.jackson.annotation.JsonValue;

/** A way to run in less memory, the cheapest first. All but the tiles give the same video, to rounding at most. */
public enum Saving {
    /** The transformer's feed-forward takes {@link Rung#FEED_FORWARD_TOKENS} tokens at a time. It costs next to nothing. */
    FEED_FORWARD_SLICES("feed-forward in slices", "costs next to nothing"),
    /** The prompt and the negative prompt are drawn one after the other at each step, not as a batch of two. */
    GUIDANCE_PASSES("guidance in two passes", "weights are read twice a step"),
    /** The text encoder's weights are given up once the prompts are encoded. On a GPU they never stay. */
    TEXT_ENCODER_RELEASED("text encoder released", "loaded again for each new prompt"),
    /** Of the networks only the one that works is on the GPU. */
    COMPONENTS_BY_STAGE("components by stage", "weights go to the GPU again for each video"),
    /** The VAE works in overlapping tiles. Pixels change slightly, so this is never chosen unless it was asked for. */
    VAE_TILES("VAE in tiles", "pixels change slightly"),
    /** The transformer's weights go to the GPU a block at a time. */
    TRANSFORMER_STREAMED("transformer streamed", "all its weights go to the GPU at each pass");

    private final String label;
    private final String price;

    Saving(String label, String price) {
        this.label = label;
        this.price = price;
    }

    /** The name that people and JSON use. */
    @JsonValue
    public String label() {
        return label;
    }

    /** What it costs. */
    public String price() {
        return price;
    }
}
