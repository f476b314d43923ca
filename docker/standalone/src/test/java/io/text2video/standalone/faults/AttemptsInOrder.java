package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.job.AttemptId;
import io.text2video.common.topic.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attempts are numbered in the order of their starts, each is one worker's, of the pool that the job is for, and each starts
 * once.
 */
final class AttemptsInOrder implements Promise {
    /** A worker that was frozen between its claim and its start tells of the start late. */
    private static final Duration WAKE = Duration.ofSeconds(3);

    @Override
    public void check(JobHistory job, Broken broken) {
        checkOnce(job.starts(), "state", broken);
        checkOnce(job.events("video.started"), "event", broken);
        Map<AttemptId, String> workers = new HashMap<>();
        for (JsonNode start : job.starts()) {
            String worker = JobHistory.worker(start);
            String other = workers.putIfAbsent(JobHistory.attempt(start), worker);
            if (other != null && !other.equals(worker)) {
                broken.tell(
                        Violation.Kind.SHARED_ATTEMPT,
                        "attempt %s is %s's and %s's".formatted(JobHistory.attempt(start), other, worker));
            }
        }
        checkOrder(job, broken);
        checkPool(job, broken);
    }

    private static void checkOnce(List<JsonNode> starts, String what, Broken broken) {
        Map<AttemptId, JsonNode> seen = new HashMap<>();
        for (JsonNode start : starts) {
            JsonNode before = seen.putIfAbsent(JobHistory.attempt(start), start);
            if (before != null && before.path("worker").equals(start.path("worker"))) {
                broken.tell(
                        Violation.Kind.STARTED_TWICE,
                        "two %ss tell of the start of attempt %s".formatted(what, JobHistory.attempt(start)));
            }
        }
    }

    private static void checkOrder(JobHistory job, Broken broken) {
        List<JsonNode> byTime = job.startsByTime();
        for (int i = 1; i < byTime.size(); i++) {
            AttemptId before = JobHistory.attempt(byTime.get(i - 1));
            JsonNode start = byTime.get(i);
            if (JobHistory.attempt(start).compareTo(before) < 0 && !wasFrozen(job, start)) {
                broken.tell(
                        Violation.Kind.ATTEMPTS_OUT_OF_ORDER,
                        "attempt %s started after attempt %s".formatted(JobHistory.attempt(start), before));
            }
        }
    }

    /** Whichever topic it was put on. */
    private static void checkPool(JobHistory job, Broken broken) {
        if (job.submission() == null) {
            return;
        }
        Pool pool = WantedVideo.pool(job.submission().wanted());
        for (JsonNode start : job.starts()) {
            if (!JobHistory.worker(start).startsWith(pool.name() + "-")) {
                broken.tell(
                        Violation.Kind.WRONG_POOL,
                        "%s is of another pool than %s".formatted(JobHistory.worker(start), pool.name()));
            }
        }
    }

    /** Whether the worker was frozen when it began. */
    static boolean wasFrozen(JobHistory job, JsonNode start) {
        Instant time = JobHistory.startTime(start);
        return job.faults().stream()
                .anyMatch(fault -> fault.kind() == FaultKind.FREEZE_WORKER
                        && fault.target().equals(JobHistory.worker(start))
                        && fault.touches(time, time, WAKE));
    }
}
