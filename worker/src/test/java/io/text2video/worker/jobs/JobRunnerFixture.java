package io.text2video.worker.jobs;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.prompt.PromptEnhancer;
import io.text2video.worker.shelf.FleetModels;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.PipelineLoader;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A runner on a real broker and a real store, with a pipeline that does what a test wants. */
@Tag("slow")
abstract class JobRunnerFixture {
    static final int CHECKPOINT_STEPS = 5;
    static final int MAX_INTERRUPTIONS = 20;

    /** Longer than a loaded machine takes for what half of it is for. */
    static final Duration GRACE = Duration.ofMinutes(4);

    static final Webhook WEBHOOK = Webhook.of("https://example.com/hook");

    @TempDir
    static Path data;

    static JobFleet fleet;

    final BlobPipeline pipeline = new BlobPipeline();
    final StopSignal stop = new StopSignal();
    final CancelledJobs cancelled = new CancelledJobs(100);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final JobId id = JobId.next();

    /** Run before each weight that is loaded, from 0. */
    IntConsumer beforeWeight = weight -> {};

    Optional<PromptEnhancer> enhancer = Optional.empty();

    int weights;
    Retries retries = new Retries(0, Duration.ZERO, Duration.ZERO);
    JobPublisher publisher;
    Heartbeat heartbeat;
    JobRunner runner;

    @BeforeAll
    static void start() throws IOException {
        fleet = new JobFleet(data);
    }

    @AfterAll
    static void end() {
        fleet.close();
    }

    @BeforeEach
    void employ() {
        publisher = new JobPublisher(fleet.kafka());
        heartbeat = new Heartbeat("w1", publisher, Duration.ofHours(1));
        runner = runner(fleet.store, stop);
    }

    @AfterEach
    void dismiss() {
        heartbeat.close();
        publisher.close();
    }

    JobRunner runner(ObjectStore store, StopSignal stop) {
        return runner(store, stop, List.of(model("blob", BlobPipeline.FROM_PROMPT)), Map.of("blob", pipeline));
    }

    /** A runner in the default pool, with these models. */
    JobRunner runner(
            ObjectStore store, StopSignal stop, List<ServedModel> models, Map<String, BlobPipeline> pipelines) {
        return runner(Pool.DEFAULT, store, stop, models, pipelines);
    }

    JobRunner runner(
            Pool pool,
            ObjectStore store,
            StopSignal stop,
            List<ServedModel> models,
            Map<String, BlobPipeline> pipelines) {
        return runner(pool, store, stop, new ModelShelf(models, models.size(), new TestLoader(pipelines)));
    }

    JobRunner runner(Pool pool, ObjectStore store, StopSignal stop, ModelShelf shelf) {
        return runner(pool, store, stop, shelf, new Backoff(Duration.ofMillis(50), Duration.ofMillis(10)));
    }

    JobRunner runner(Pool pool, ObjectStore store, StopSignal stop, ModelShelf shelf, Backoff backoff) {
        var metrics = new JobMetrics(meters);
        var archive = new VideoArchive(store, backoff);
        return new JobRunner(
                "w1",
                3,
                MAX_INTERRUPTIONS,
                new JobPlanner(
                        shelf,
                        new InputImageReader(archive),
                        new InputVideoReader(archive),
                        new EnhancedPrompts(enhancer, archive),
                        new JobEstimates(shelf, pool.topic(), publisher, metrics)),
                new Forwarding(pool, new FleetModels(fleet.kafka()), publisher),
                archive,
                publisher,
                backoff,
                new JobCheckpoints(store, backoff, CHECKPOINT_STEPS, GRACE, metrics),
                new JobPreviews(store, 1, false),
                true,
                metrics,
                stop,
                cancelled,
                retries,
                heartbeat);
    }

    /** A runner that waits that long for a store or a broker that is away. */
    JobRunner runner(ObjectStore store, Backoff backoff) {
        var models = List.of(model("blob", BlobPipeline.FROM_PROMPT));
        var shelf = new ModelShelf(models, 1, new TestLoader(Map.of("blob", pipeline)));
        return runner(Pool.DEFAULT, store, stop, shelf, backoff);
    }

    static ServedModel model(String id, ModelDescription description) {
        return new ServedModel(id, Path.of(id), description, Map.of());
    }

    List<JobSnapshot> states() throws Exception {
        return fleet.messages(Topic.JOBS, id, JobSnapshot.class);
    }

    VideoRequest request(String model, VideoParameters parameters) {
        return new VideoRequest(VideoRequest.VERSION, id, model, "a ball", parameters, null, WEBHOOK, Instant.now());
    }

    static VideoRequest anotherRequest() {
        return new VideoRequest(VideoRequest.VERSION, JobId.next(), "blob", "another ball", null, null, null, null);
    }

    /** This worker's first attempt. */
    Attempt firstAttempt() {
        VideoRequest request = request(null, null);
        TestDelivery delivery = TestDelivery.of(request);
        var archive = new VideoArchive(fleet.store, new Backoff(Duration.ZERO));
        return new Attempt(
                request,
                delivery,
                new AttemptId(1, 1),
                0,
                false,
                archive,
                new StopSignal(),
                cancelled,
                trace(delivery));
    }

    static JobTrace trace(TestDelivery delivery) {
        return JobTrace.begin(delivery.record(), "w1");
    }

    /** Somebody else claims an attempt, after the record that all test deliveries are. */
    void claim(AttemptId attempt, String worker) {
        try {
            fleet.folders.claim(id, attempt, new Claim(Claim.VERSION, worker, "video.requests-0@7", Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The job as its first attempt has just started it. */
    JobSnapshot inProgress() {
        return JobSnapshot.queued(request(null, VideoParameters.DEFAULTS), Instant.now())
                .started(new AttemptId(1, 1), "w1", "blob", VideoParameters.DEFAULTS, null, null, Instant.now());
    }

    /** Pipelines by their models' ids, of ten weights each. */
    private final class TestLoader implements PipelineLoader {
        private static final int WEIGHTS = 10;

        private final Map<String, BlobPipeline> pipelines;

        TestLoader(Map<String, BlobPipeline> pipelines) {
            this.pipelines = pipelines;
        }

        @Override
        public ModelDescription check(Path directory) {
            return BlobPipeline.FROM_PROMPT;
        }

        @Override
        public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption)
                throws IOException {
            if (!pipelines.containsKey(directory.toString())) {
                throw new IOException("the weights of %s do not load".formatted(directory));
            }
            for (weights = 0; weights < WEIGHTS; weights++) {
                beforeWeight.accept(weights);
                interruption.check("weight");
            }
            return pipelines.get(directory.toString());
        }
    }

    /** Throws whatever it is. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
