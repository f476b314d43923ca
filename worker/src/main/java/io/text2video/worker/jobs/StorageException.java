package io.text2video.worker.jobs;

import java.io.IOException;

/** The object store stayed unreachable for longer than a job waits for it. */
final class StorageException extends IOException {
    private static final long serialVersionUID = 1;

    StorageException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
