package io.text2video.worker.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.FleetConfig;
import io.text2video.common.topic.TopicInitializer;
import io.text2video.worker.jobs.JobMetrics;
import io.text2video.worker.jobs.JobPublisher;
import io.text2video.worker.jobs.JobRunner;
import io.text2video.worker.jobs.Patience;
import io.text2video.worker.jobs.StopSignal;
import io.text2video.worker.jobs.VideoArchive;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.queue.JobQueue;
import io.text2video.worker.queue.ShareGroupJobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * The thread that runs jobs, from the application's start to its end. It owns the model, the queue and the clients. A
 * worker that cannot start ends the process.
 */
@ApplicationScoped
class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

    private final WorkerConfig config;
    private final FleetConfig fleet;
    private final S3Config s3;
    private final Map<String, Object> kafka;
    private final PipelineLoader loader;
    private final JobMetrics metrics;
    private final StopSignal stop = new StopSignal();
    private final Thread thread = new Thread(this::run, "worker");
    private volatile WorkerState state = WorkerState.STARTING;

    Worker(
            WorkerConfig config,
            FleetConfig fleet,
            S3Config s3,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            PipelineLoader loader,
            MeterRegistry registry) {
        this.config = config;
        this.fleet = fleet;
        this.s3 = s3;
        this.kafka = Map.copyOf(kafka);
        this.loader = loader;
        metrics = new JobMetrics(registry);
    }

    WorkerState state() {
        return state;
    }

    void start(@Observes StartupEvent event) {
        if (config.enabled()) {
            thread.start();
        } else {
            state = WorkerState.DISABLED;
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (!config.enabled()) {
            return;
        }
        state = WorkerState.STOPPING;
        stop.send();
        thread.join(config.stopGrace().toMillis());
        if (thread.isAlive()) {
            LOG.warnf("worker left in the middle of a step grace=%s", config.stopGrace());
        }
    }

    private void run() {
        String id = WorkerIdentity.of(config);
        try (ObjectStore store = new ObjectStore(s3);
                VideoPipeline pipeline = load()) {
            prepare(store);
            if (stop.isSent()) {
                return;
            }
            try (JobPublisher publisher = new JobPublisher(kafka);
                    JobQueue queue = new ShareGroupJobQueue(kafka)) {
                var archive = new VideoArchive(store, new Patience(config.storagePatience()));
                takeJobs(
                        queue,
                        new JobRunner(id, config.maxAttempts(), pipeline, archive, publisher, metrics, stop),
                        id);
            }
        } catch (IOException | RuntimeException e) {
            end(id, e, e.getMessage());
        } catch (LinkageError e) {
            end(id, e, e.toString());
        }
    }

    /** Nothing here can mend it: whoever started the process sees why, and may start it again. */
    private void end(String id, Throwable failure, String cause) {
        LOG.debug("worker failed", failure);
        LOG.errorf("worker cannot run worker=%s cause=%s", id, cause);
        state = WorkerState.FAILED;
        Quarkus.asyncExit(1);
    }

    private VideoPipeline load() throws IOException {
        config.threads()
                .ifPresent(threads -> System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads)));
        Path model = ModelDirectory.of(config);
        long start = System.nanoTime();
        VideoPipeline pipeline = loader.load(model);
        LOG.infof("model loaded model=%s seconds=%.1f", pipeline.modelId(), (System.nanoTime() - start) / 1e9);
        return pipeline;
    }

    /** Fleets start all at once: neither the broker nor the store need be there yet. */
    private void prepare(ObjectStore store) throws IOException {
        new Patience(config.startPatience())
                .insist(
                        () -> {
                            try {
                                TopicInitializer.initialize(kafka, fleet.partitions(), fleet.recordLock());
                            } catch (IllegalStateException e) {
                                throw new IOException(e.getMessage(), e);
                            }
                            store.ensureBucket();
                            return null;
                        },
                        stop::await);
    }

    private void takeJobs(JobQueue queue, JobRunner runner, String id) {
        while (!stop.isSent()) {
            try {
                var delivery = queue.next(POLL);
                if (state == WorkerState.STARTING) {
                    state = WorkerState.READY;
                    LOG.infof("worker ready worker=%s", id);
                }
                delivery.ifPresent(runner::run);
            } catch (KafkaException e) {
                LOG.warnf("no jobs from the broker worker=%s cause=%s", id, e.getMessage());
                stop.await(AFTER_REFUSAL);
            }
        }
        LOG.infof("worker stopped worker=%s", id);
    }
}
