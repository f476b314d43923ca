package io.text2video.gateway.webhook;

import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;

/**
 * What follows from a try.
 *
 * @param delivery the next try, with {@code AGAIN}
 * @param reason with {@code GIVEN_UP}
 * @param log how the delivery stands by then; null where nobody is to be told
 */
record Result(Kind kind, WebhookDelivery delivery, String reason, WebhookLog log) {
    enum Kind {
        DONE,
        AGAIN,
        GIVEN_UP,
        /** Nobody was called, and nothing is counted. */
        NOT_TRIED
    }

    static Result done() {
        return new Result(Kind.DONE, null, null, null);
    }

    static Result again(WebhookDelivery delivery) {
        return new Result(Kind.AGAIN, delivery, null, null);
    }

    static Result notTried() {
        return new Result(Kind.NOT_TRIED, null, null, null);
    }

    static Result givenUp(String reason) {
        return new Result(Kind.GIVEN_UP, null, reason, null);
    }

    Result with(WebhookLog told) {
        return new Result(kind, delivery, reason, told);
    }
}
