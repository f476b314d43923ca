package io.text2video.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Takes one of the fleet's safeguards away each, and the checker finds out: the harness would see such a fault. */
class SabotageIT {
    private static final Path DIRECTORY = Path.of("target", "faults", "sabotage");
    private static final WantedVideo LONG = new WantedVideo("long", Pool.DEFAULT, "a red ball", 80, 17, 1);
    private static final WantedVideo SHORT = new WantedVideo("short", Pool.DEFAULT, "a red ball", 10, 9, 1);

    @Test
    void shouldFindThatAttemptsAreNotFenced() throws Exception {
        try (var scenario = new Scenario(DIRECTORY.resolve("fencing"))) {
            scenario.fleet().addWorker(Map.of());
            scenario.fleet().addWorker(Map.of());
            scenario.ready();

            // Given a worker that freezes in its job for longer than the lock, while claims hold
            freezeInTheMiddle(scenario);

            // Then nothing is wrong
            scenario.awaitViolations("the job's end", List::isEmpty);

            // When the same happens on a store that knows no claims
            scenario.fleet().store().blobs().sabotage(key -> key.endsWith(".attempt"));
            String job = freezeInTheMiddle(scenario);

            // Then two workers were one attempt, and it is found
            scenario.awaitViolations(
                    "one attempt of two", violations -> isFound(violations, job, Violation.Kind.SHARED_ATTEMPT));
            assertThat(scenario.violations())
                    .filteredOn(violation -> violation.kind() == Violation.Kind.SHARED_ATTEMPT)
                    .extracting(Violation::job)
                    .containsExactly(job);
        }
    }

    @Test
    void shouldFindThatEndsAreNotWrittenOnCondition() throws Exception {
        try (var scenario = new Scenario(DIRECTORY.resolve("end"))) {
            scenario.fleet().addWorker(Map.of());
            scenario.fleet().addWorker(Map.of());
            scenario.ready();

            // Given a zombie whose end reaches the store after that of the job's next worker
            endLate(scenario);

            // Then nothing is wrong
            scenario.awaitViolations("the job's end", List::isEmpty);

            // When the same happens on a store that lets the last one win
            scenario.fleet().store().blobs().sabotage(key -> key.endsWith("/result.json"));
            String job = endLate(scenario);

            // Then the job has two ends, and it is found
            scenario.awaitViolations("two ends", violations -> violations.stream()
                    .anyMatch(violation ->
                            violation.job().equals(job) && violation.kind() == Violation.Kind.DIFFERENT_ENDS));
        }
    }

    @Test
    void shouldFindThatNobodyReaps() throws Exception {
        try (var scenario = new Scenario(DIRECTORY.resolve("reaper"))) {
            // Given gateways that do not reap, and a job whose record the broker has archived without a word
            Program idle = scenario.fleet().addGateway(Map.of("REAPER_ENABLED", "false"));
            scenario.ready();
            String job = scenario.submit(SHORT);
            archive(scenario.fleet().bootstrapServers(), job);
            scenario.fleet().addWorker(Map.of());
            scenario.ready();

            // When a later job has ended
            String later = scenario.submit(SHORT);
            scenario.await(
                    later, "the later job's end", history -> !history.ends().isEmpty());

            // Then the first has not, and it is found
            scenario.awaitViolations("the later job's removals", violations -> violations.stream()
                    .allMatch(violation -> violation.job().equals(job) && violation.kind() == Violation.Kind.NO_END));
            assertThat(scenario.violations()).hasSize(1);

            // When a gateway that reaps takes the other's place
            idle.terminate(Duration.ofMinutes(2));
            scenario.fleet()
                    .addGateway(Map.of("REAPER_STALE", "4s", "REAPER_INTERVAL", "1s"))
                    .awaitReady();

            // Then it ends too
            scenario.awaitViolations("the archived job's end", List::isEmpty);
        }
    }

    @Test
    void shouldFindThatClientsAreToldWhatIsNot() throws Exception {
        try (var scenario = new Scenario(DIRECTORY.resolve("clients"))) {
            scenario.fleet().addGateway(Map.of());
            String both = scenario.fleet().model(Pool.DEFAULT)
                    + ","
                    + scenario.fleet().model(WantedVideo.SECOND_POOL);
            scenario.fleet().addWorker(Map.of("WORKER_MODELS", both));
            scenario.ready();

            // Given a job that is cancelled when its video is stored, and one that is asked for again once it is
            // deleted
            cancelLate(scenario);
            String deleted = scenario.submit(SHORT);
            scenario.clients().delete(deleted);
            scenario.clients().resend(deleted, SHORT, null);
            scenario.await(
                    deleted,
                    "the end of its second request",
                    history -> history.states().stream()
                                    .filter(JobHistory::isDeleted)
                                    .count()
                            > 1);

            // Then nothing is wrong
            scenario.awaitViolations("the jobs' ends", List::isEmpty);

            // When somebody removes what stays of a deleted job, and its request comes again
            scenario.fleet().store().remove("videos/" + deleted + "/result.json");
            scenario.clients().resend(deleted, SHORT, null);

            // Then it comes back, and it is found
            scenario.awaitViolations(
                    "the job that comes back", violations -> isFound(violations, deleted, Violation.Kind.CAME_OR_WENT));

            // When a worker has another pool's model
            String moved = scenario.ask(WantedVideo.ALL.get(3));

            // Then it has that pool's job, and it is found
            scenario.awaitViolations(
                    "the job of the wrong pool", violations -> isFound(violations, moved, Violation.Kind.WRONG_POOL));

            // When a job is cancelled on a store that lets the last end win
            scenario.fleet().store().blobs().sabotage(key -> key.endsWith("/result.json"));
            String cancelled = cancelLate(scenario);

            // Then it is completed, and it is found
            scenario.awaitViolations(
                    "two ends", violations -> isFound(violations, cancelled, Violation.Kind.DIFFERENT_ENDS));
        }
    }

    private static boolean isFound(List<Violation> violations, String job, Violation.Kind kind) {
        return violations.stream().anyMatch(violation -> violation.job().equals(job) && violation.kind() == kind);
    }

    /** @return the job, of which a client was told that it is cancelled, when its worker was about to end it */
    private static String cancelLate(Scenario scenario) throws Exception {
        var end = new HeldWrite("/result.json");
        scenario.fleet().store().blobs().beforePut(end);
        String job = scenario.submit(SHORT);
        end.awaitArrival();
        scenario.clients().cancel(job);
        end.release();
        return job;
    }

    /** @return the job, whose second attempt has started, and whose first goes on */
    private static String freezeInTheMiddle(Scenario scenario) throws Exception {
        var checkpoint = new HeldWrite(".safetensors");
        // However late it is frozen, it has not ended its job by then.
        var video = new HeldWrite(".mp4");
        scenario.fleet().store().blobs().beforePut(key -> {
            checkpoint.await(key);
            video.await(key);
        });
        String job = scenario.submit(LONG);
        checkpoint.awaitArrival();
        Program first = scenario.workerOf(job);
        first.freeze();
        checkpoint.release();
        video.release();
        scenario.await(
                job,
                "another attempt",
                history -> history.events("video.started").size() > 1);
        first.thaw();
        return job;
    }

    /** @return the job, which its second attempt has ended, and then its first tried to */
    private static String endLate(Scenario scenario) throws Exception {
        var end = new HeldWrite("/result.json");
        scenario.fleet().store().blobs().beforePut(end);
        String job = scenario.submit(SHORT);
        end.awaitArrival();
        Program first = scenario.workerOf(job);
        first.freeze();
        scenario.await(
                job, "the second attempt's end", history -> !history.ends().isEmpty());
        end.release();
        first.thaw();
        scenario.await(
                job, "the first attempt's word", history -> history.ends().size() > 1);
        return job;
    }

    /** What becomes of a record that was handed out too often. */
    private static void archive(String bootstrapServers, String job) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                Pool.DEFAULT.group(),
                "share.acknowledgement.mode",
                "explicit");
        try (var rogue = new KafkaShareConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            rogue.subscribe(List.of(Topic.REQUESTS.topicName()));
            Awaitility.await("the job's record").atMost(Duration.ofMinutes(3)).until(() -> {
                boolean found = false;
                for (var record : rogue.poll(Duration.ofSeconds(1))) {
                    rogue.acknowledge(record, AcknowledgeType.REJECT);
                    found |= record.key().equals(job);
                }
                rogue.commitSync();
                return found;
            });
        }
    }
}
