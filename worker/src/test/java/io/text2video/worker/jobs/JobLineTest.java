package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.queue.JobQueue;
import io.text2video.worker.queue.ShareConsumerPool;
import io.text2video.worker.queue.ShareGroupJobQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole lines of jobs on a real broker, each test in a pool of its own. */
class JobLineTest extends JobRunnerFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(300);

    private final Pool pool = new Pool("line-" + Long.toHexString(System.nanoTime()));
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<RunningLine> lines = new ArrayList<>();

    @BeforeEach
    void addPool() {
        fleet.add(pool);
    }

    @AfterEach
    void stopLines() throws InterruptedException {
        gate.countDown();
        for (RunningLine line : lines) {
            line.stop();
        }
    }

    @Test
    void shouldPrepareTheNextJobNearTheEndOfOneAndLeaveItQueued() throws Exception {
        // Given a worker whose first job waits amid its frames
        List<JobId> jobs = send(2);
        pipeline.amidFrames = this::waitAtTheGate;
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
        // Given two workers, each of which would wait with its first job amid the frames, where the next is taken
        var other = new BlobPipeline();
        pipeline.amidFrames = this::waitAtTheGate;
        other.amidFrames = this::waitAtTheGate;
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
        // Given a worker that does not look ahead, amid the frames of its job
        List<JobId> jobs = send(2);
        pipeline.amidFrames = this::waitAtTheGate;
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
        pipeline.amidFrames = () -> {
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
        pipeline.amidFrames = () -> await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());

        // When a worker runs both jobs
        start(pipeline, true);

        // Then both are completed
        awaitCompleted(jobs);
    }

    @Test
    void shouldGiveThePreparedJobBackAtOnceWhenToldToStop() throws Exception {
        // Given a worker amid the frames of one job, with the next one prepared
        List<JobId> jobs = send(2);
        pipeline.amidFrames = this::waitAtTheGate;
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

    @Test
    void shouldNotBeginAPreparedJobThatIsAnothersByNow() throws Exception {
        // Given three jobs, the second of which is lost while the first is drawn
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1), delivery(2));
        var queue = new ListedQueue(deliveries);
        pipeline.amidFrames = () -> {
            if (pipeline.generated.size() == 1) {
                await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());
                deliveries.get(1).lost = true;
            }
        };

        // When a worker runs them
        start(pipeline, queue, true);

        // Then it leaves that one alone
        await().atMost(PATIENCE).until(() -> deliveries.get(2).end.equals("accepted"));
        assertThat(deliveries.get(0).end).isEqualTo("accepted");
        assertThat(seeds(pipeline.generated)).containsExactly(0L, 2L);
        assertThat(meters.counter("text2video.worker.jobs", "outcome", "lost").count())
                .isEqualTo(1);
    }

    @Test
    void shouldNotBeginAPreparedJobThatIsCancelled() throws Exception {
        // Given three jobs, the second of which is cancelled while the first is drawn
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1), delivery(2));
        pipeline.amidFrames = () -> {
            if (pipeline.generated.size() == 1) {
                await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());
                cancelled.add(JobId.parse(new String(deliveries.get(1).record().key(), UTF_8)));
            }
        };

        // When a worker runs them
        start(pipeline, new ListedQueue(deliveries), true);

        // Then it ends that one, and goes on with the next
        await().atMost(PATIENCE).until(() -> deliveries.get(2).end.equals("accepted"));
        assertThat(deliveries.get(1).end).isEqualTo("accepted");
        assertThat(seeds(pipeline.generated)).containsExactly(0L, 2L);
        assertThat(meters.counter("text2video.worker.jobs", "outcome", "cancelled")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void shouldEndAJobBeforeItAsksAQueueForTheNextThatHoldsOne() throws Exception {
        // Given a queue that gives nothing before the last delivery has ended
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1), delivery(2));
        var listed = new ListedQueue(deliveries);
        List<String> ends = new CopyOnWriteArrayList<>();
        JobQueue single = new JobQueue() {
            @Override
            public int capacity() {
                return 1;
            }

            @Override
            public Optional<Delivery> next(Duration wait) {
                ends.add(deliveries.stream()
                        .map(delivery -> delivery.end)
                        .toList()
                        .toString());
                return listed.next(wait);
            }

            @Override
            public void close() {}
        };

        // When a worker runs them
        start(pipeline, single, true);

        // Then it asks in between, and prepares nothing ahead
        await().atMost(PATIENCE).until(() -> ends.size() > 3);
        assertThat(ends)
                .startsWith(
                        "[none, none, none]",
                        "[accepted, none, none]",
                        "[accepted, accepted, none]",
                        "[accepted, accepted, accepted]");
        assertThat(pipeline.prepared).isEmpty();
    }

    @Test
    void shouldSayThatTheBrokerRefusesItAndGoOnWhenItDoesNot() {
        // Given a broker that refuses this worker
        var refusing = new AtomicBoolean(true);
        List<TestDelivery> deliveries = List.of(delivery(0));
        var listed = new ListedQueue(deliveries);
        JobQueue queue = new JobQueue() {
            @Override
            public int capacity() {
                return JobLine.MOST_HELD;
            }

            @Override
            public Optional<Delivery> next(Duration wait) {
                if (refusing.get()) {
                    throw new GroupAuthorizationException("video-workers");
                }
                return listed.next(wait);
            }

            @Override
            public void close() {}
        };

        // When a worker asks it for jobs
        RunningLine running = start(pipeline, queue, true);

        // Then its line says so
        await().atMost(PATIENCE).until(running.line::isRefused);

        // And takes jobs as soon as it is let
        refusing.set(false);
        await().atMost(PATIENCE).until(() -> deliveries.get(0).end.equals("accepted"));
        assertThat(running.line.isRefused()).isFalse();
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

    private RunningLine start(BlobPipeline pipeline, JobQueue queue, boolean prefetch) {
        var stop = new StopSignal();
        var models = List.of(model("blob", BlobPipeline.FROM_PROMPT));
        JobRunner runner = runner(pool, fleet.store, stop, models, Map.of("blob", pipeline));
        var line = new RunningLine(queue, new JobLine(queue, runner, stop, prefetch), stop);
        lines.add(line);
        line.thread.start();
        return line;
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

    private static TestDelivery delivery(int seed) {
        return TestDelivery.of(numbered(seed));
    }

    private static VideoRequest numbered(long seed) {
        return new VideoRequest(VideoRequest.VERSION, JobId.next(), "blob", "a ball", seeded(seed), null, null, null);
    }

    private static VideoParameters seeded(long seed) {
        return new VideoParameters(null, null, null, null, null, null, null, null, null, null, seed, null);
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

    private static List<Long> seeds(List<GenerationParameters> calls) {
        return calls.stream().map(GenerationParameters::seed).toList();
    }

    /** A worker's line on a thread of its own, as the application runs it. */
    private static final class RunningLine {
        final JobLine line;
        final StopSignal stop;
        final Thread thread;
        volatile boolean joined;

        RunningLine(JobQueue queue, JobLine line, StopSignal stop) {
            this.line = line;
            this.stop = stop;
            thread = new Thread(() -> {
                try (queue;
                        line) {
                    line.run(() -> joined = true);
                }
            });
        }

        void stop() throws InterruptedException {
            stop.send();
            line.releaseAhead();
            thread.join();
        }
    }

    /** Hands out a list. */
    private record ListedQueue(List<TestDelivery> deliveries, Iterator<TestDelivery> rest) implements JobQueue {
        ListedQueue(List<TestDelivery> deliveries) {
            this(deliveries, deliveries.iterator());
        }

        @Override
        public int capacity() {
            return JobLine.MOST_HELD;
        }

        @Override
        public Optional<Delivery> next(Duration wait) {
            return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
        }

        @Override
        public void close() {}
    }
}
