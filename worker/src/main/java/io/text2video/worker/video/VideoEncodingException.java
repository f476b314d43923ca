package io.text2video.worker.video;

/** Frames cannot be made a video file: the encoder refuses them, or there is no room. */
public sealed class VideoEncodingException extends RuntimeException permits DiskFullException {
    private static final long serialVersionUID = 1;

    VideoEncodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
