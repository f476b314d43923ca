package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.topic.Topic;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.queue.JobQueue;
import io.text2video.worker.queue.ShareConsumerPool;
import io.text2video.worker.queue.ShareGroupJobQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole lines of jobs on a real broker, each test in a pool of its own. */
class JobLineTest extends JobLineFixture {
    private static final Duration MOMENT = Duration.ofMillis(300);

    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void openTheGate() {
        gate.countDown();
    }

    @Test
    void shouldPrepareTheNextJobNearTheEndOfOneAndLeaveItQueued() throws Exception {
        // Given a worker whose first job waits with all its frames drawn
        List<JobId> jobs = send(2);
        pipeline.afterFrames = this::waitAtTheGate;
        start(pipeline, true);

        // When the second one's prompt is encoded
        await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());

        // Then nobody was told that it runs, and both are completed in their order in the end
        assertThat(seeds(pipeline.prepared)).containsExactly(1L);
        assertThat(statuses(jobs.get(1))).isEmpty();
        gate.countDown();
        awaitCompleted(jobs);
        assertThat(seeds(pipeline.generated)).containsExactly(0L, 1L);
        assertThat(statuses(jobs.get(1))).containsExactly(JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
    }

    @Test
    void shouldFinishAJobWhileTheNextIsDrawn() throws Exception {
        // Given a worker whose second job waits at its first step
        List<JobId> jobs = send(2);
        pipeline.atStep = step -> {
            if (pipeline.generated.size() == 2) {
                waitAtTheGate();
            }
        };
        start(pipeline, true);

        // Then the first one is completed meanwhile
        awaitCompleted(jobs.subList(0, 1));
        assertThat(statuses(jobs.get(1))).doesNotContain(JobStatus.COMPLETED);
        gate.countDown();
        awaitCompleted(jobs);
    }

    @Test
    void shouldLeaveAJobToAnotherWorkerWhileItsOwnIsFarFromItsEnd() throws Exception {
        // Given a worker in the middle of its steps, and two more jobs
        pipeline.atStep = step -> waitAtTheGate();
        start(pipeline, true);
        List<JobId> jobs = new ArrayList<>(send(1));
        await().atMost(PATIENCE).until(() -> !pipeline.generated.isEmpty());
        jobs.addAll(send(1));

        // When another worker comes
        var other = new BlobPipeline();
        start(other, true);

        // Then it gets the job that waits
        awaitCompleted(jobs.subList(1, 2));
        assertThat(other.generated).hasSize(1);
        assertThat(pipeline.prepared).isEmpty();
    }

    @Test
    void shouldGiveEachOfTwoWorkersOneOfTwoJobs() throws Exception {
        // Given two workers, each of which would wait at the end of its first job, where the next is taken, and is not
        // at
        // that end before the other one has begun
        var other = new BlobPipeline();
        IntConsumer untilBothHaveBegun =
                step -> await().atMost(PATIENCE).until(() -> pipeline.generated.size() + other.generated.size() == 2);
        pipeline.atStep = untilBothHaveBegun;
        other.atStep = untilBothHaveBegun;
        pipeline.afterFrames = this::waitAtTheGate;
        other.afterFrames = this::waitAtTheGate;
        start(pipeline, true);
        start(other, true);
        await().atMost(PATIENCE).until(() -> lines.stream().allMatch(line -> line.joined));

        // When two jobs come
        List<JobId> jobs = send(2);

        // Then each has begun one
        await().atMost(PATIENCE).until(() -> pipeline.generated.size() + other.generated.size() == 2);
        assertThat(pipeline.generated).hasSize(1);
        gate.countDown();
        awaitCompleted(jobs);
    }

    @Test
    void shouldTakeNothingAheadWhenToldNotTo() throws Exception {
        // Given a worker that does not look ahead, at the end of its job
        List<JobId> jobs = send(2);
        pipeline.afterFrames = this::waitAtTheGate;
        start(pipeline, false);
        await().atMost(PATIENCE).until(() -> !pipeline.generated.isEmpty());

        // When another worker comes, then it gets the next job
        start(new BlobPipeline(), true);
        awaitCompleted(jobs.subList(1, 2));
        assertThat(pipeline.prepared).isEmpty();
    }

    @Test
    void shouldGoOnWithThePreparedJobWhenTheOneBeforeFails() throws Exception {
        // Given a job that breaks once the next one is prepared
        List<JobId> jobs = send(2);
        pipeline.afterFrames = () -> {
            if (pipeline.generated.size() == 1) {
                await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());
                throw new OutOfMemoryError("no memory for the frames");
            }
        };

        // When the worker runs
        start(pipeline, true);

        // Then one fails, the other does not, and each ends once
        awaitCompleted(jobs.subList(1, 2));
        await().atMost(PATIENCE).until(() -> statuses(jobs.get(0)).contains(JobStatus.FAILED));
        assertThat(statuses(jobs.get(1))).containsExactly(JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
    }

    @Test
    void shouldLeaveToTheGenerationWhatCannotBeDoneAhead() throws Exception {
        // Given a pipeline with no memory for a prompt beside the frames
        List<JobId> jobs = send(2);
        pipeline.atPreparation = () -> {
            throw new OutOfMemoryError("no memory for the prompt");
        };
        pipeline.afterFrames = () -> await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());

        // When a worker runs both jobs
        start(pipeline, true);

        // Then both are completed
        awaitCompleted(jobs);
    }

    @Test
    void shouldGiveThePreparedJobBackAtOnceWhenToldToStop() throws Exception {
        // Given a worker at the end of one job, with the next one prepared
        List<JobId> jobs = send(2);
        pipeline.afterFrames = this::waitAtTheGate;
        RunningLine line = start(pipeline, true);
        await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());

        // When it is told to stop
        line.stop.send();
        line.line.releaseAhead();

        // Then another worker gets that job, while the first one still is where it was
        try (JobQueue queue = new ShareGroupJobQueue(fleet.kafka(), pool)) {
            Delivery again = await().atMost(PATIENCE)
                    .until(() -> queue.next(MOMENT), Optional::isPresent)
                    .orElseThrow();
            assertThat(new String(again.record().key(), UTF_8))
                    .isEqualTo(jobs.get(1).toString());
            assertThat(line.thread.isAlive()).isTrue();
            again.accept();
        }

        // And the job that was drawn to its end is completed before the worker is gone
        gate.countDown();
        line.thread.join();
        assertThat(statuses(jobs.get(0))).containsExactly(JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
    }

    @Test
    void shouldTakeNothingAheadOfAJobThatWasTriedBefore() throws Exception {
        // Given a job that another worker died of
        List<JobId> jobs = send(2);
        fleet.folders.claim(
                jobs.get(0), new AttemptId(1, 1), new Claim(Claim.VERSION, "w2", pool.topic() + "-0@0", Instant.now()));

        // When a worker runs them both
        start(pipeline, true);

        // Then the first one ran alone
        awaitCompleted(jobs);
        assertThat(seeds(pipeline.generated)).containsExactly(0L, 1L);
        assertThat(pipeline.prepared).isEmpty();
    }

    private void waitAtTheGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private RunningLine start(BlobPipeline pipeline, boolean prefetch) {
        return start(
                pipeline,
                new ShareConsumerPool(() -> new ShareGroupJobQueue(fleet.kafka(), pool), JobLine.MOST_HELD),
                prefetch);
    }

    /** Jobs with the seeds 0, 1 and so on, by which a test knows them. */
    private List<JobId> send(int count) throws Exception {
        List<JobId> jobs = new ArrayList<>();
        try (var producer = new KafkaProducer<>(fleet.kafka(), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                VideoRequest request = numbered(i);
                producer.send(new ProducerRecord<>(pool.topic(), request.id().toString(), JsonCodec.write(request)))
                        .get();
                jobs.add(request.id());
            }
        }
        return jobs;
    }

    private void awaitCompleted(List<JobId> jobs) {
        for (JobId job : jobs) {
            await().atMost(PATIENCE).until(() -> statuses(job).contains(JobStatus.COMPLETED));
        }
    }

    private static List<JobStatus> statuses(JobId job) throws Exception {
        return fleet.messages(Topic.JOBS, job, JobSnapshot.class).stream()
                .map(JobSnapshot::status)
                .toList();
    }
}
