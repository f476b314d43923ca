package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A job that has failed here, before anything has followed from it.
 *
 * @param job as it stood
 * @param attempt that failed, or that might have been
 * @param charged earlier attempts that are held against the job
 * @param pause waits before something is tried again, or throws to give up
 */
record FailedJob(
        Handed handed,
        VideoRequest request,
        JobSnapshot job,
        AttemptId attempt,
        int charged,
        JobError error,
        Consumer<Duration> pause) {}
