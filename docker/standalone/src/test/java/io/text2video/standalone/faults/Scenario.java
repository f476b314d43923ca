package io.text2video.standalone.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A small fleet on which one thing is tried, step by step, with jobs that call no webhooks. */
final class Scenario implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Fleet fleet;
    private EndWatch ends;
    private Workload workload;

    Scenario(Path directory) throws Exception {
        fleet = new Fleet(directory);
    }

    Fleet fleet() {
        return fleet;
    }

    /** Waits for all gateways and workers. */
    void ready() {
        fleet.gateways().forEach(Program::awaitReady);
        fleet.workers().forEach(Program::awaitReady);
        if (workload == null) {
            ends = new EndWatch(fleet.bootstrapServers());
            workload = new Workload(fleet, (number, sequel) -> null, ends, 1, false);
        }
    }

    /** The id of a job that is on the topic. */
    String submit(WantedVideo wanted) throws InterruptedException {
        SubmittedJob submission = workload.produce(wanted);
        if (!submission.isAccepted()) {
            throw new IllegalStateException("an undisturbed broker refused " + submission);
        }
        return submission.job();
    }

    /** The id of a job that a gateway has accepted. */
    String ask(WantedVideo wanted) throws InterruptedException {
        SubmittedJob submission = workload.submit(wanted, workload.gateways().get(0), Sequel.NONE);
        if (!submission.isAccepted()) {
            throw new IllegalStateException("an undisturbed gateway refused " + submission);
        }
        return submission.job();
    }

    /** What clients do about the jobs. */
    Clients clients() {
        return workload.clients();
    }

    /** Waits until that is so of the job. */
    void await(String job, String what, Predicate<JobHistory> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> condition.test(history().jobs().get(job)));
    }

    /** Waits until that is so of everything that the checker finds. */
    void awaitViolations(String what, Predicate<List<Violation>> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> condition.test(violations()));
    }

    List<Violation> violations() throws IOException {
        return HistoryChecker.check(history());
    }

    /** The worker that has claimed the job's only attempt. */
    Program workerOf(String job) throws IOException {
        byte[] claim = fleet.store().objects().get("videos/" + job + "/1-1.attempt");
        String incarnation = Message.json(claim).path("worker").asText();
        return fleet.workers().stream()
                .filter(worker -> worker.incarnation().equals(incarnation))
                .findAny()
                .orElseThrow();
    }

    private History history() throws IOException {
        return new HistoryReader(fleet)
                .read(workload.submissions(), workload.clients().acts(), List.of(), List.of(), Map.of());
    }

    @Override
    public void close() throws Exception {
        if (workload != null) {
            workload.close();
            ends.close();
        }
        fleet.close();
    }
}
