package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.topic.Topic;

/**
 * A job that has not ended.
 *
 * @param request its newest one; null when none was on the topics any more
 * @param work what the request asks for; null without one
 * @param attempt the latest that was heard of
 * @param run of that attempt; null until it has begun to draw
 * @param heard when something was last read of it: {@link System#nanoTime}, in the future while a retry is to come
 */
public record OpenJob(JobId id, RequestPlace request, Work work, AttemptId attempt, JobRun run, long heard) {
    /** Nothing was heard of it before its request. */
    static OpenJob of(JobId id, RequestPlace request, Work work, long now) {
        return new OpenJob(id, request, work, new AttemptId(request.generation(), 0), null, now);
    }

    /** Its request is not on the topics, or has not been read yet. */
    static OpenJob of(JobId id, AttemptId attempt, JobRun run, long heard) {
        return new OpenJob(id, null, null, attempt, run, heard);
    }

    /** Whether the latest attempt has begun to draw. */
    public boolean started() {
        return run != null;
    }

    /** Whether its newest request is older than its state: a retry has been announced, and is not on the topic yet. */
    public boolean awaitsRetry() {
        return request != null && request.generation() < attempt.generation();
    }

    /** Whether its newest request waits: for a worker, or in the backlog. */
    boolean isWaiting() {
        return request != null && !started() && !awaitsRetry();
    }

    /** Whether it waits to be put on its pool's topic. */
    boolean isInBacklog() {
        return isWaiting() && request.topic().equals(Topic.BACKLOG.topicName());
    }

    /** The topic of the pool whose workers draw it, or are to; it has a request. */
    String pool(ModelCatalog models) {
        return request.topic().equals(Topic.BACKLOG.topicName()) ? models.topic(work.model()) : request.topic();
    }

    OpenJob requested(RequestPlace place, Work wanted, long now) {
        RequestPlace newest = place.supersedes(request) ? place : request;
        AttemptId queued = new AttemptId(place.generation(), 0);
        return queued.generation() > attempt.generation()
                ? new OpenJob(id, newest, wanted, queued, null, latest(now))
                : new OpenJob(id, newest, wanted, attempt, run, latest(now));
    }

    /** @param begun null where that is not known of the attempt */
    OpenJob stands(AttemptId of, JobRun begun, long now) {
        int later = of.compareTo(attempt);
        JobRun known = begun == null && later == 0 ? run : begun;
        return later < 0 ? this : new OpenJob(id, request, work, of, known, latest(now));
    }

    private long latest(long now) {
        return Math.max(heard - now, 0) + now;
    }
}
