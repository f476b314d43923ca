package io.text2video.gateway.webhook;

/**
 * What came of a call, and why.
 *
 * @param status of the answer; null where there was none
 */
record WebhookAnswer(Kind kind, Integer status, String reason) {
    enum Kind {
        /** The receiver has it. */
        TAKEN,
        /** The receiver wants no more of it, or can never be called. */
        REFUSED,
        /** Its host was called in vain. Another try may help. */
        FAILED,
        /** Its host could not be called yet. Another try may help. */
        HINDERED,
        /** Nobody was called: another gateway does it. */
        NOT_CALLED
    }

    private static final int GONE = 410;

    static WebhookAnswer of(int status) {
        Kind kind = status / 100 == 2 ? Kind.TAKEN : status == GONE ? Kind.REFUSED : Kind.FAILED;
        return new WebhookAnswer(kind, status, "status " + status);
    }

    static WebhookAnswer notCalled() {
        return new WebhookAnswer(Kind.NOT_CALLED, null, "not called");
    }

    static WebhookAnswer refused(String reason) {
        return new WebhookAnswer(Kind.REFUSED, null, reason);
    }

    static WebhookAnswer failed(String reason) {
        return new WebhookAnswer(Kind.FAILED, null, reason);
    }

    static WebhookAnswer hindered(String reason) {
        return new WebhookAnswer(Kind.HINDERED, null, reason);
    }

    /** Whether it says how its host is. */
    boolean isOfItsHost() {
        return kind == Kind.TAKEN || kind == Kind.FAILED || status != null;
    }
}
