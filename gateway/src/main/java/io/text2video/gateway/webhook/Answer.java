package io.text2video.gateway.webhook;

/** What came of a call, and why. */
record Answer(Kind kind, String reason) {
    enum Kind {
        /** The receiver has it. */
        TAKEN,
        /** The receiver wants no more of it, or can never be called. */
        REFUSED,
        /** Another try may help. */
        FAILED,
        /** Nobody was called: another gateway does it. */
        NOT_CALLED
    }

    private static final int GONE = 410;

    static Answer of(int status) {
        Kind kind = status / 100 == 2 ? Kind.TAKEN : status == GONE ? Kind.REFUSED : Kind.FAILED;
        return new Answer(kind, "status " + status);
    }

    static Answer notCalled() {
        return new Answer(Kind.NOT_CALLED, "not called");
    }

    static Answer refused(String reason) {
        return new Answer(Kind.REFUSED, reason);
    }

    static Answer failed(String reason) {
        return new Answer(Kind.FAILED, reason);
    }
}
