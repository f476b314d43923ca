package io.text2video.worker.video;

import java.io.IOException;

/** There is no room for a video here. The job is not at fault: another worker may have room, or this one later. */
public final class DiskFullException extends VideoEncodingException {
    private static final long serialVersionUID = 1;

    DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether that is why a file could not be written, as ffmpeg and Java say it. */
    static boolean isCause(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("error -28:") || message.contains("No space left on device");
    }
}
