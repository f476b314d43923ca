package io.text2video.common.model;

/** A video that the model could draw, but that is larger than its fleet lets one job be. The message names what fits. */
public final class GenerationTooLargeException extends InvalidGenerationException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses a video for the parameter that makes it too large.
     *
     * @param field diffusers' name of the parameter
     */
    public GenerationTooLargeException(String field, String message) {
        super(field, message);
    }
}
