package io.text2video.worker.video;

/** There is no room for a video here. The job is not at fault: another worker may have room, or this one later. */
public final class DiskFullException extends VideoEncodingException {
    private static final long serialVersionUID = 1;

    DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
