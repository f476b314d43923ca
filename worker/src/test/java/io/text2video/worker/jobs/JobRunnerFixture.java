package io.text2video.worker.jobs;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A runner on a real broker and a real store, with a pipeline that does what a test wants. */
abstract class JobRunnerFixture {
    static final Webhook WEBHOOK = new Webhook("https://example.com/hook");

    @TempDir
    static Path data;

    static Fleet fleet;

    final BlobPipeline pipeline = new BlobPipeline();
    final StopSignal stop = new StopSignal();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final JobId id = JobId.next();
    JobPublisher publisher;
    JobRunner runner;

    @BeforeAll
    static void start() throws IOException {
        fleet = new Fleet(data);
    }

    @AfterAll
    static void end() {
        fleet.close();
    }

    @BeforeEach
    void employ() {
        publisher = new JobPublisher(fleet.kafka());
        runner = runner(fleet.store, stop);
    }

    @AfterEach
    void dismiss() {
        publisher.close();
    }

    JobRunner runner(ObjectStore store, StopSignal stop) {
        var archive = new VideoArchive(store, new Patience(Duration.ofMillis(50), Duration.ofMillis(10)));
        return new JobRunner("w1", 3, pipeline, archive, publisher, new JobMetrics(meters), stop);
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

    /** The job as its first attempt has just started it. */
    JobSnapshot inProgress() {
        return JobSnapshot.queued(request(null, VideoParameters.DEFAULTS), Instant.now())
                .started(1, "w1", "blob", VideoParameters.DEFAULTS, null, Instant.now());
    }
}
