package io.text2video.worker.hub;

import java.io.IOException;

/** Why a model could not be found or fetched, and the way out. The text never holds a token. */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for programs. */
    public enum Reason {
        /** What was given is neither a directory nor a model's name. */
        INVALID_REFERENCE,
        /** A variable such as {@code HF_ENDPOINT} has a value that cannot be used. */
        INVALID_SETTING,
        /** The model, its revision or some of its files are not in the cache. */
        NOT_IN_CACHE,
        /** {@code HF_HUB_OFFLINE} forbids connections. */
        OFFLINE,
        /** The hub wants a token, or another one. */
        UNAUTHORIZED,
        /** The licence has to be accepted first. */
        GATED,
        REPOSITORY_NOT_FOUND,
        REVISION_NOT_FOUND,
        FILE_NOT_FOUND,
        /** The repository is no pipeline that can be read: files are absent, or pickles. */
        UNUSABLE,
        /** The other side speaks, but not as a hub does. */
        UNEXPECTED_ANSWER,
        /** No answer, or only errors, after all attempts. */
        UNREACHABLE,
        /** What arrived is not what the hub announced, twice. */
        CORRUPT,
        DISK_FULL,
        /** The cache cannot be read, written or locked. */
        CACHE_UNUSABLE,
        /** The cache holds a link that leads out of the model's folder. */
        CACHE_UNSAFE
    }

    private final Reason reason;

    HubException(Reason reason, String message) {
        this(reason, message, null);
    }

    HubException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
