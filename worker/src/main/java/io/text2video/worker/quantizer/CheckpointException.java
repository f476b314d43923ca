package io.text2video.worker.quantizer;

import java.io.IOException;

/** A checkpoint cannot be quantized to where, or by what, was asked for. Nothing was written. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointException(String message) {
        super(message);
    }
}
