package io.text2video.gateway.webhook;

/** What came of a call, and why. */
record WebhookAnswer(Kind kind, String reason) {
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

    static WebhookAnswer of(int status) {
        Kind kind = status / 100 == 2 ? Kind.TAKEN : status == GONE ? Kind.REFUSED : Kind.FAILED;
        return new WebhookAnswer(kind, "status " + status);
    }

    static WebhookAnswer notCalled() {
        return new WebhookAnswer(Kind.NOT_CALLED, "not called");
    }

    static WebhookAnswer refused(String reason) {
        return new WebhookAnswer(Kind.REFUSED, reason);
    }

    static WebhookAnswer failed(String reason) {
        return new WebhookAnswer(Kind.FAILED, reason);
    }
}
