package io.text2video.gateway.api.bodies;

/** A message that a client sends, with the files that it may name, or be sent with in a form. */
public interface SentMessage {
    /** The image that it names; null for none. */
    default NewInputReference inputReference() {
        return null;
    }

    /** The video that it names; null for none. */
    default NewInputVideo video() {
        return null;
    }

    /** The control video that it names; null for none. */
    default NewInputVideo controlVideo() {
        return null;
    }
}
