package io.text2video.worker.video;

/** Frames cannot be made a video file: the encoder refuses them, or the disk is full. */
public final class VideoEncodingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    VideoEncodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
