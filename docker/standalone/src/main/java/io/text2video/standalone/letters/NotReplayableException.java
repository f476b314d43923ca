package io.text2video.standalone.letters;

/** A dead letter that would only come back. */
public final class NotReplayableException extends Exception {
    private static final long serialVersionUID = 1;

    NotReplayableException(Letter letter, String reason) {
        super("%s cannot be replayed: %s".formatted(letter.at(), reason));
    }
}
