package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;

/**
 * A job that has not ended.
 *
 * @param request its newest one; null when none was on the topics any more
 * @param attempt the latest that was heard of
 * @param started whether that attempt has begun to draw
 * @param heard when something was last read of it: {@link System#nanoTime}, in the future while a retry is to come
 */
public record OpenJob(JobId id, RequestPlace request, AttemptId attempt, boolean started, long heard) {
    /** Whether its newest request is older than its state: a retry has been announced, and is not on the topic yet. */
    public boolean awaitsRetry() {
        return request != null && request.generation() < attempt.generation();
    }

    OpenJob requested(RequestPlace place, long now) {
        RequestPlace newest = place.supersedes(request) ? place : request;
        AttemptId queued = new AttemptId(place.generation(), 0);
        return queued.generation() > attempt.generation()
                ? new OpenJob(id, newest, queued, false, latest(now))
                : new OpenJob(id, newest, attempt, started, latest(now));
    }

    OpenJob stands(AttemptId of, boolean begun, long now) {
        int later = of.compareTo(attempt);
        return later < 0 ? this : new OpenJob(id, request, of, begun || (later == 0 && started), latest(now));
    }

    private long latest(long now) {
        return Math.max(heard - now, 0) + now;
    }
}
