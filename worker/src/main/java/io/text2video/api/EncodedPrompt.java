package io.text2video.api;

import java.util.List;

/**
 * What the text encoder reads of a prompt.
 *
 * @param tokens T5's pieces, a space as U+2581, with the closing {@code </s>}
 * @param truncatedTokens how many more there were, which the model's limit cut off; 0 when the prompt fits
 * @param truncatedText what those stand for; empty when the prompt fits
 */
public record EncodedPrompt(List<String> tokens, int truncatedTokens, String truncatedText) {
    public EncodedPrompt {
        tokens = List.copyOf(tokens);
    }
}
