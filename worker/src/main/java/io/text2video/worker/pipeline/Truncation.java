package io.text2video.worker.pipeline;

/**
 * What the text limit cut from a prompt.
 *
 * @param tokens how many; 0 when the prompt fits
 * @param text what they stand for, in the tokenizer's normal form; empty when the prompt fits
 */
public record Truncation(int tokens, String text) {
    public static final Truncation NONE = new Truncation(0, "");
}
