package io.text2video.common.storage;

/** The store lacks what the fleet's promises rest on. Waiting for it does not help. */
public final class UnsupportedStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedStoreException(String message) {
        super(message);
    }
}
