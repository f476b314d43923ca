package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A job that has ended called its webhook, deleted or not: signed, with one id however often, telling of the job's end.
 */
final class WebhooksCalled implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        if (job.ends().isEmpty() || job.requests().isEmpty()) {
            return;
        }
        JsonNode webhook = job.requests().get(0).json().path("webhook");
        if (webhook.isMissingNode()) {
            return;
        }
        if (job.calls().stream().noneMatch(call -> call.answer() < 300)) {
            broken.tell(Violation.Kind.NO_WEBHOOK, "no call of its webhook was answered well");
        }
        Set<String> ids = job.calls().stream().map(WebhookReceiver.Call::id).collect(Collectors.toSet());
        if (ids.size() > 1) {
            broken.tell(Violation.Kind.WEBHOOK_ID_CHANGED, "calls of one webhook have the ids " + ids);
        }
        String status = job.ends().get(0).path("status").asText();
        for (WebhookReceiver.Call call : job.calls()) {
            if (!call.signed()) {
                broken.tell(Violation.Kind.UNSIGNED_WEBHOOK, "the signature is wrong of " + call);
            }
            boolean tellsTheEnd = call.type().equals("video." + status)
                    && call.status().equals(status)
                    && call.number()
                            == WebhookReceiver.number(webhook.path("url").asText());
            if (!tellsTheEnd) {
                broken.tell(Violation.Kind.WRONG_WEBHOOK, "the end is %s, and there was %s".formatted(status, call));
            }
        }
    }
}
