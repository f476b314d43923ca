package io.text2video.common.job;

/**
 * What the model's text limit cut from a prompt.
 *
 * @param tokens how many
 * @param text what they stand for, in the tokenizer's normal form
 */
public record PromptTruncation(int tokens, String text) {}
