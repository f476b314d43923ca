package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.topic.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One plan of faults on one fleet, from its first process to the last word of its history. */
final class Run implements AutoCloseable {
    private static final int GATEWAYS = 2;
    private static final int WORKERS = 3;
    private static final int WORKERS_OF_THE_SECOND_POOL = 2;
    private static final int BACKLOG = 3;
    private static final int FAULTS_PER_LINE = 10;
    private static final Duration UNDISTURBED = Duration.ofMinutes(5);
    /** For all that was accepted to end once the faults have. */
    private static final Duration REST = Duration.ofMinutes(5);
    /** For what follows an end: webhooks, the removal of what is no longer needed. */
    private static final Duration AFTER_THE_ENDS = Duration.ofMinutes(3);

    private static final Map<String, String> GATEWAY = Map.of(
            "WEBHOOK_RETRY_DELAYS",
            "500ms,1s,2s,4s,8s,15s,30s",
            "HOUSEKEEPING_SESSION_TIMEOUT",
            "6s",
            "REAPER_STALE",
            "8s",
            "REAPER_INTERVAL",
            "1s",
            "RETENTION_INTERVAL",
            "2s",
            "RETENTION_TIDY_AFTER",
            "20s",
            "SUBMISSION_TIMEOUT",
            "5s");
    /** Whoever dies here is never at fault, so nobody gives a job up for its deaths. */
    private static final Map<String, String> WORKER =
            Map.of("WORKER_MAX_ATTEMPTS", "1000", "WORKER_STOP_GRACE", "15s", "WORKER_STORAGE_TIMEOUT", "1h");

    private final Fleet fleet;
    private final WebhookReceiver webhooks = new WebhookReceiver();
    private EndWatch ends;
    private Workload workload;
    private FaultInjector injector;
    private Map<String, byte[]> undisturbed;

    /** What came of it. */
    record Outcome(Figures figures, List<Violation> violations) {}

    private Run(Path directory) throws Exception {
        fleet = new Fleet(directory);
    }

    /** @param directory for what the fleet leaves behind, its logs among it; emptied first */
    static Outcome of(FaultPlan plan, Path directory) throws Exception {
        try (var run = new Run(directory)) {
            run.begin();
            long start = System.nanoTime();
            run.workload.start();
            for (FaultPlan.PlannedFault fault : plan.faults()) {
                run.injector.inject(fault);
                tellProgress(fault, plan, start);
            }
            run.workload.stop();
            run.injector.settle();
            run.rest();
            run.look();
            History history = run.cleared();
            List<Violation> violations = HistoryChecker.check(history);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            return new Outcome(Figures.of(plan.seed(), time, history, violations, run.injector.leavings()), violations);
        }
    }

    private static void tellProgress(FaultPlan.PlannedFault fault, FaultPlan plan, long start) {
        if (fault.number() % FAULTS_PER_LINE == 0) {
            System.out.printf(
                    "faults: %d of %d after %d s%n",
                    fault.number(),
                    plan.faults().size(),
                    Duration.ofNanos(System.nanoTime() - start).toSeconds());
        }
    }

    private void begin() throws Exception {
        for (int i = 0; i < GATEWAYS; i++) {
            fleet.addGateway(GATEWAY);
        }
        for (int i = 0; i < WORKERS; i++) {
            fleet.addWorker(WORKER);
        }
        for (int i = 0; i < WORKERS_OF_THE_SECOND_POOL; i++) {
            fleet.addWorker(WantedVideo.SECOND_POOL, WORKER);
        }
        fleet.gateways().forEach(Program::awaitReady);
        fleet.workers().forEach(Program::awaitReady);
        injector = new FaultInjector(fleet);
        ends = new EndWatch(fleet.bootstrapServers());
        workload = new Workload(fleet, webhooks::url, ends, BACKLOG, true);
        for (HarnessClient gateway : workload.gateways()) {
            Awaitility.await("the models")
                    .atMost(UNDISTURBED)
                    .until(() -> gateway.knows(WantedVideo.model(Pool.DEFAULT))
                            && gateway.knows(WantedVideo.model(WantedVideo.SECOND_POOL)));
        }
        undisturbed = undisturbed();
    }

    /** Each wanted video, made twice, so that it is known to be the same each time. */
    private Map<String, byte[]> undisturbed() throws Exception {
        HarnessClient gateway = workload.gateways().get(0);
        for (int time = 0; time < 2; time++) {
            for (WantedVideo wanted : WantedVideo.ALL) {
                SubmittedJob submission = workload.submit(wanted, gateway, Sequel.NONE);
                if (!submission.isAccepted()) {
                    throw new IllegalStateException("an undisturbed gateway refused " + submission);
                }
            }
        }
        await("the undisturbed videos", UNDISTURBED, this::accepted);
        Map<String, byte[]> videos = new HashMap<>();
        Map<String, JobHistory> jobs = history().jobs();
        for (SubmittedJob submission : workload.submissions()) {
            JobHistory job = jobs.get(submission.job());
            JsonNode end = job.ends().get(0);
            byte[] mp4 = job.objects().get(end.path("video").path("key").asText());
            byte[] other = videos.putIfAbsent(submission.wanted(), mp4);
            if (mp4 == null || (other != null && !Arrays.equals(mp4, other))) {
                throw new IllegalStateException("undisturbed, the same request gave another video: " + job.told());
            }
        }
        return videos;
    }

    /** Everything that has a request ends, whether it was accepted or not, and clients have done what they wanted. */
    private void rest() throws Exception {
        if (!workload.clients().finish(REST)) {
            throw new IllegalStateException(
                    "clients wait in vain: " + workload.clients().acts());
        }
        try {
            await("every job to end", REST, () -> {
                Set<String> asked = history().jobs().values().stream()
                        .filter(job -> !job.requests().isEmpty())
                        .map(JobHistory::id)
                        .collect(Collectors.toSet());
                asked.addAll(accepted());
                asked.addAll(workload.clients().strays());
                return asked;
            });
        } catch (ConditionTimeoutException e) {
            // The checker tells which did not.
        }
    }

    /** Every gateway is asked for every job. */
    private void look() throws Exception {
        for (String job : ends.ended()) {
            workload.clients().look(job);
        }
    }

    private History cleared() throws IOException {
        try {
            Awaitility.await("webhooks and removals")
                    .atMost(AFTER_THE_ENDS)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> HistoryChecker.check(history()).isEmpty());
        } catch (ConditionTimeoutException e) {
            // The checker tells what is missing.
        }
        return history();
    }

    private Set<String> accepted() {
        return workload.submissions().stream()
                .filter(SubmittedJob::isAccepted)
                .map(SubmittedJob::job)
                .collect(Collectors.toSet());
    }

    private void await(String what, Duration limit, Jobs jobs) {
        Awaitility.await(what).atMost(limit).pollInterval(Duration.ofSeconds(1)).until(() -> ends.ended()
                .containsAll(jobs.ids()));
    }

    private History history() throws IOException {
        return new HistoryReader(fleet)
                .read(
                        workload.submissions(),
                        workload.clients().acts(),
                        webhooks.calls(),
                        injector.injected(),
                        undisturbed == null ? Map.of() : undisturbed);
    }

    @FunctionalInterface
    private interface Jobs {
        Set<String> ids() throws Exception;
    }

    @Override
    public void close() throws Exception {
        if (workload != null) {
            workload.close();
        }
        if (ends != null) {
            ends.close();
        }
        if (injector != null) {
            injector.close();
        }
        webhooks.close();
        fleet.close();
    }
}
