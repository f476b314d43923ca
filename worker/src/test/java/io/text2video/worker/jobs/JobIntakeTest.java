package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.S3Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobIntakeTest extends JobRunnerFixture {
    @Test
    void shouldNumberAttemptsByTheirClaims() throws Exception {
        // Given an attempt of which nothing more was heard
        claim(new AttemptId(1, 1), "w2");

        // When the record comes again
        runner.run(delivery());

        // Then the next attempt has it, and of the claims nothing is left
        assertThat(states()).extracting(JobSnapshot::attemptId).containsOnly(new AttemptId(1, 2));
        assertThat(fleet.folders.look(id).keys())
                .containsExactlyInAnyOrder(
                        ObjectKeys.video(id, new AttemptId(1, 2)),
                        ObjectKeys.poster(id, new AttemptId(1, 2)),
                        ObjectKeys.result(id));
    }

    @Test
    void shouldDropAnotherRecordOfTheSamePublication() throws Exception {
        // Given a worker that has the job by another record
        fleet.folders.claim(
                id, new AttemptId(1, 1), new Claim(Claim.VERSION, "w2", "video.requests-0@3", Instant.now()));

        TestDelivery twin = delivery();
        Outcome outcome = runner.run(twin);

        assertThat(outcome).isEqualTo(Outcome.SUPERSEDED);
        assertThat(twin.end).isEqualTo("accepted");
        assertThat(pipeline.generated).isEmpty();
        assertThat(states()).isEmpty();
    }

    @Test
    void shouldDropARecordOfAnEarlierPublication() throws Exception {
        claim(new AttemptId(2, 1), "w2");

        assertThat(runner.run(delivery())).isEqualTo(Outcome.SUPERSEDED);
        assertThat(pipeline.generated).isEmpty();
    }

    @Test
    void shouldBeginALaterPublicationWithItsFirstAttempt() throws Exception {
        // Given two attempts at the first publication, and the second one
        claim(new AttemptId(1, 1), "w2");
        claim(new AttemptId(1, 2), "w3");
        TestDelivery delivery = delivery();
        Lineage.FIRST.next(2, 0).writeTo(delivery.record().headers());

        runner.run(delivery);

        assertThat(states()).extracting(JobSnapshot::attemptId).containsOnly(new AttemptId(2, 1));
        assertThat(states().get(1).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void shouldHoldAttemptsAtEarlierPublicationsAgainstAJob() throws Exception {
        TestDelivery delivery = delivery();
        Lineage.FIRST.next(3, 0).writeTo(delivery.record().headers());

        assertThat(runner.run(delivery)).isEqualTo(Outcome.FAILED);
        assertThat(pipeline.generated).isEmpty();
        assertThat(fleet.records(Topic.DEAD_LETTERS, id)).hasSize(1);
    }

    @Test
    void shouldNotChargeAttemptsThatEndedInGoodOrder() throws Exception {
        // Given a job that was given back by more workers than it may kill
        for (int i = 0; i < 5; i++) {
            StopSignal rollout = new StopSignal();
            pipeline.atStep = step -> rollout.send();
            assertThat(runner(fleet.store, rollout).run(delivery())).isEqualTo(Outcome.RELEASED);
        }
        pipeline.atStep = step -> {};

        // When one has the time for it
        runner.run(delivery());

        // Then it is completed
        assertThat(states()).last().satisfies(state -> {
            assertThat(state.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(state.attemptId()).isEqualTo(new AttemptId(1, 6));
        });
    }

    @Test
    void shouldGiveUpAJobThatIsInterruptedAgainAndAgain() throws Exception {
        // Given attempts that were interrupted, over two publications, and made progress each
        for (int i = 1; i <= MAX_INTERRUPTIONS; i++) {
            var attempt = new AttemptId(1 + i % 2, i);
            claim(attempt, "w" + i);
            fleet.folders.progress(id, attempt);
        }
        TestDelivery delivery = delivery();
        Lineage.FIRST.next(0, 0).writeTo(delivery.record().headers());

        // When the record comes again
        Outcome outcome = runner.run(delivery);

        // Then
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(pipeline.generated).isEmpty();
        assertThat(states()).last().satisfies(state -> assertThat(state.error().code())
                .isEqualTo(ErrorCode.ATTEMPTS_EXHAUSTED));
        assertThat(fleet.records(Topic.DEAD_LETTERS, id)).singleElement().satisfies(record -> assertThat(new String(
                        record.headers().lastHeader("dead-letter-attempts").value(), UTF_8))
                .isEqualTo(Integer.toString(MAX_INTERRUPTIONS)));
    }

    @Test
    void shouldLeaveNothingOfAnAttemptThatEndsAfterTheJob() throws Exception {
        // Given a worker that was frozen while another one ended its job
        runner.run(delivery());
        List<String> kept = fleet.folders.look(id).keys();

        // When it gives its attempt back
        fleet.folders.release(id, new AttemptId(1, 1));

        // Then that is as if it had not
        assertThat(fleet.folders.look(id).keys()).isEqualTo(kept);
    }

    @Test
    void shouldIgnoreALineageThatIsNone() throws Exception {
        TestDelivery delivery = delivery();
        delivery.record().headers().add("generation", "-7".getBytes(UTF_8)).add("attempts", "many".getBytes(UTF_8));

        assertThat(runner.run(delivery)).isEqualTo(Outcome.COMPLETED);
        assertThat(states()).extracting(JobSnapshot::generation).containsOnly(1);
    }

    @Test
    void shouldClaimNothingOfAJobThatEndedSinceItsFolderWasLookedInto() throws Exception {
        // Given a worker that saw an empty folder, and was frozen while another did the job and tidied up
        JobId job = JobId.next();
        fleet.folders.end(completed(job, 1));

        // When it goes on
        boolean claimed = fleet.folders.claim(
                job, new AttemptId(1, 1), new Claim(Claim.VERSION, "frozen", "video.requests-0@1", Instant.now()));

        // Then
        assertThat(claimed).isFalse();
        assertThat(fleet.folders.look(job).attempts()).isEmpty();
    }

    @Test
    void shouldGiveOneOfManyWhoRaceForAnAttemptOrAnEnd() throws Exception {
        int races = 100;
        ExecutorService racers = Executors.newFixedThreadPool(4);
        try {
            for (int race = 0; race < races; race++) {
                // Given four who each want to be the job's
                JobId job = JobId.next();
                List<Callable<Boolean>> claims = IntStream.range(0, 4)
                        .mapToObj(racer -> (Callable<Boolean>) () -> fleet.folders.claim(
                                job,
                                new AttemptId(1, 1),
                                new Claim(Claim.VERSION, "w" + racer, "video.requests-0@1", Instant.now())))
                        .toList();
                List<Callable<JobSnapshot>> ends = IntStream.range(0, 4)
                        .mapToObj(racer -> (Callable<JobSnapshot>) () -> fleet.folders.end(completed(job, racer)))
                        .toList();

                // When they race, then one has the attempt, and all know of the same end
                assertThat(results(racers.invokeAll(claims)))
                        .filteredOn(won -> won)
                        .hasSize(1);
                assertThat(results(racers.invokeAll(ends))).doesNotContainNull().allMatch(end -> {
                    try {
                        return end.equals(fleet.folders.end(job).orElseThrow());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } finally {
            racers.shutdownNow();
        }
    }

    @Test
    void shouldGiveUpAStoreThatStaysAwayWhenItsPatienceIsOver() throws Exception {
        // Given a store that refuses all, and a worker that asks it once
        var asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        server.start();
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        try (var store = new ObjectStore(new S3Location(endpoint, "key", "secret-key"))) {
            // When
            Outcome outcome = runner(store, new Backoff(Duration.ZERO)).run(delivery());

            // Then it is not taken for a race with another worker, which would be worth another look
            assertThat(outcome).isEqualTo(Outcome.RELEASED);
            assertThat(asked).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    private TestDelivery delivery() {
        return TestDelivery.of(request(null, VideoParameters.DEFAULTS));
    }

    private static JobSnapshot completed(JobId job, int racer) {
        var request = new VideoRequest(1, job, null, "a ball", null, null, null, null);
        return JobSnapshot.queued(request, Instant.EPOCH)
                .started(
                        new AttemptId(1, racer + 1),
                        "w" + racer,
                        "blob",
                        VideoParameters.DEFAULTS,
                        null,
                        null,
                        Instant.EPOCH)
                .completed(new VideoFile("k" + racer, "p", 1, 1, 1, 1, 1, 1), null, null, Instant.EPOCH);
    }

    private static <T> List<T> results(List<Future<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }
}
