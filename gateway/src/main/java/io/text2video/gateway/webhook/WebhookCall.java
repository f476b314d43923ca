package io.text2video.gateway.webhook;

import io.text2video.common.job.WebhookEvent;
import io.text2video.gateway.jobs.Video;
import java.time.Instant;

/**
 * The body of a call.
 *
 * @param type such as {@code video.completed}
 * @param timestamp when it happened
 * @param data the same object as {@code GET /v1/videos/{id}} answers, of a state that is no end as it was then
 */
record WebhookCall(WebhookEvent type, Instant timestamp, Video data) {}
