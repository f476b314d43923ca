package io.text2video.worker.prompt;

import java.io.IOException;

/** The language model gave nothing that can be drawn. */
public final class PromptEnhancementException extends IOException {
    private static final long serialVersionUID = 1;

    PromptEnhancementException(String message, Throwable cause) {
        super("the prompt was not enhanced: " + message, cause);
    }
}
