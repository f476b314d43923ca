package io.text2video.standalone.deadletters;

/** A dead letter that would only come back. */
public final class NotReplayableException extends Exception {
    private static final long serialVersionUID = 1;

    NotReplayableException(StoredDeadLetter letter, String reason) {
        super("%s cannot be replayed: %s".formatted(letter.at(), reason));
    }
}
