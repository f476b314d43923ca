package io.text2video.worker.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.QueueKind;
import io.text2video.kafka.FleetConfig;
import io.text2video.process.ClassArchive;
import io.text2video.process.SecondSignal;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.control.ControlTail;
import io.text2video.worker.jobs.Backoff;
import io.text2video.worker.jobs.EnhancedPrompts;
import io.text2video.worker.jobs.Forwarding;
import io.text2video.worker.jobs.Heartbeat;
import io.text2video.worker.jobs.InputImageReader;
import io.text2video.worker.jobs.InputVideoReader;
import io.text2video.worker.jobs.JobCheckpoints;
import io.text2video.worker.jobs.JobEstimates;
import io.text2video.worker.jobs.JobLine;
import io.text2video.worker.jobs.JobMetrics;
import io.text2video.worker.jobs.JobPlanner;
import io.text2video.worker.jobs.JobPreviews;
import io.text2video.worker.jobs.JobPublisher;
import io.text2video.worker.jobs.JobRunner;
import io.text2video.worker.jobs.Retries;
import io.text2video.worker.jobs.StopSignal;
import io.text2video.worker.jobs.VideoArchive;
import io.text2video.worker.prompt.PromptEnhancer;
import io.text2video.worker.queue.ConsumerGroupJobQueue;
import io.text2video.worker.queue.GatedJobQueue;
import io.text2video.worker.queue.JobQueue;
import io.text2video.worker.queue.ShareConsumerPool;
import io.text2video.worker.queue.ShareGroupJobQueue;
import io.text2video.worker.shelf.FleetModels;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.PipelineLoader;
import io.text2video.worker.video.OrphanedFiles;
import io.text2video.worker.watchdog.DeviceFailure;
import io.text2video.worker.watchdog.ProcessEnd;
import io.text2video.worker.watchdog.Watchdog;
import io.text2video.worker.watchdog.WatchedLoader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;

/**
 * The thread that draws jobs, from the application's start to its end. It owns the models, the queue and the clients. A
 * worker that cannot start ends the process.
 */
@ApplicationScoped
class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    /** Many times as many as a worker can have to do with. */
    private static final int CANCELLED_REMEMBERED = 100_000;

    /** How long what comes after the worker's own end may take. */
    private static final Duration CLEANUP = Duration.ofSeconds(5);

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final WorkerConfig config;
    private final FleetConfig fleet;
    private final S3Config s3;
    private final Map<String, Object> kafka;
    private final PipelineLoader loader;
    private final MeterRegistry registry;
    private final JobMetrics metrics;
    private final DeviceFailure deviceFailure;
    private final StopSignal stop = new StopSignal();
    private final Thread thread = new Thread(this::run, "worker");
    private volatile WorkerState state = WorkerState.STARTING;
    private volatile JobLine line;
    private volatile JobRunner runner;
    private volatile ControlTail control;

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
        this.registry = registry;
        metrics = new JobMetrics(registry);
        deviceFailure = new DeviceFailure(this::leave, config.stopGrace().plus(CLEANUP));
    }

    /** Whether there is room for the videos in the making. */
    boolean hasRoom() {
        OptionalLong free = freeDisk();
        return free.isEmpty() || free.getAsLong() >= config.minFreeDisk().bytes();
    }

    /** Bytes that are free where the videos in the making are; nothing where nobody can tell. */
    OptionalLong freeDisk() {
        try {
            return OptionalLong.of(Files.getFileStore(TEMPORARY).getUsableSpace());
        } catch (IOException e) {
            LOG.warnf("free disk unknown directory=%s cause=%s", TEMPORARY, e);
            return OptionalLong.empty();
        }
    }

    /** Whether the broker lets it have jobs. */
    boolean isServed() {
        JobLine jobs = line;
        return jobs == null || !jobs.isRefused();
    }

    /** False once the reader of cancels has ended though the worker goes on. */
    boolean hearsOfCancels() {
        ControlTail reader = control;
        return reader == null || reader.isAlive() || state != WorkerState.READY;
    }

    WorkerState state() {
        return state;
    }

    void start(@Observes StartupEvent event) {
        if (config.enabled()) {
            if (config.endWithInput()) {
                InputEnd.watch(config.stopGrace().plus(CLEANUP));
            }
            thread.start();
        } else {
            state = WorkerState.DISABLED;
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (!config.enabled()) {
            return;
        }
        SecondSignal.endsAtOnce();
        leave();
        if (line != null) {
            line.releaseAhead();
        }
        thread.join(config.stopGrace().toMillis());
        if (thread.isAlive()) {
            LOG.warnf("worker left in the middle of a step grace=%s", config.stopGrace());
        } else {
            ClassArchive.keep("worker");
        }
    }

    private void run() {
        String id = WorkerIdentity.of(config);
        try {
            work(id, config.pool().map(Pool::new).orElse(Pool.DEFAULT));
        } catch (CancellationException e) {
            LOG.infof("worker stopped while its model was loaded worker=%s", id);
        } catch (IOException | RuntimeException e) {
            deviceFailure.endProcess();
            end(id, e, e.getMessage());
        } catch (Error e) {
            end(id, e, e.toString());
        }
    }

    /** Jobs that are not begun go to others, and what is drawn is stored. */
    private void leave() {
        state = WorkerState.STOPPING;
        stop.send();
    }

    private void work(String id, Pool pool) throws IOException {
        Optional<PromptEnhancer> enhancer = config.enhancer().promptEnhancer();
        OrphanedFiles.remove(TEMPORARY);
        try (Watchdog watchdog = new Watchdog(config.watchdog(), this::hung);
                ObjectStore store = new ObjectStore(s3);
                var preparation = FleetPreparation.begin(fleet, kafka, store, pool);
                ModelShelf shelf = ConfiguredModels.shelf(
                        config,
                        loader,
                        new TimedLoader(new WatchedLoader(loader, watchdog, deviceFailure), metrics::loaded),
                        weight -> stop.requireNotSent())) {
            GpuMeters.register(config.chosenDevice().gpus(), registry);
            FunctionCounter.builder("text2video.store.failures", store, ObjectStore::failures)
                    .description("Calls of the object store that have failed")
                    .register(registry);
            FleetModels models = new FleetModels(kafka);
            QueueKind kind = preparation.finish(patience(), stop::await);
            patience().retry(() -> announce(models, shelf, pool), stop::await);
            if (stop.isSent()) {
                return;
            }
            var cancelled = new CancelledJobs(CANCELLED_REMEMBERED);
            control = patience().retry(() -> ControlTail.open(kafka, cancelled), stop::await);
            try (ControlTail closing = control;
                    JobPublisher publisher = new JobPublisher(kafka);
                    var heartbeat =
                            new Heartbeat(id, publisher, fleet.recordLock().dividedBy(3));
                    JobQueue queue = new GatedJobQueue(join(kind, pool), this::hasRoom)) {
                var backoff = new Backoff(config.storageTimeout());
                var archive = new VideoArchive(store, backoff);
                var retries = new Retries(config.retries(), config.retryDelay(), config.retryDelayMax());
                var checkpoints =
                        new JobCheckpoints(store, backoff, config.checkpointSteps(), config.stopGrace(), metrics);
                var previews =
                        new JobPreviews(store, config.previews() ? config.previewFrames() : 0, config.previewEvents());
                runner = new JobRunner(
                        id,
                        config.maxAttempts(),
                        config.maxInterruptions(),
                        new JobPlanner(
                                shelf,
                                new InputImageReader(archive),
                                new InputVideoReader(archive),
                                new EnhancedPrompts(enhancer, archive),
                                new JobEstimates(shelf, pool.topic(), publisher, metrics)),
                        new Forwarding(pool, models, publisher),
                        archive,
                        publisher,
                        backoff,
                        checkpoints,
                        previews,
                        config.embedRecipe(),
                        metrics,
                        stop,
                        cancelled,
                        retries,
                        heartbeat);
                try (checkpoints;
                        previews;
                        var jobs = new JobLine(queue, runner, stop, config.prefetch(), config.idleTimeout())) {
                    line = jobs;
                    jobs.run(() -> ready(id));
                }
                LOG.infof("worker stopped worker=%s", id);
            }
            // Before the models are closed, which the device may not survive.
            deviceFailure.endProcess();
        }
        if (!stop.isSent()) {
            LOG.infof("worker has nothing to do worker=%s idleTimeout=%s", id, config.idleTimeout());
            Quarkus.asyncExit(0);
        }
    }

    private void hung(Watchdog.Watch watch) {
        JobRunner jobs = runner;
        ProcessEnd.dumpAndHalt(watch.toString(), () -> {
            if (jobs != null) {
                jobs.hung(watch.thread());
            }
        });
    }

    private static FleetModels announce(FleetModels models, ModelShelf shelf, Pool pool) throws IOException {
        models.announce(shelf.cards(pool.topic(), Instant.now()));
        return models;
    }

    /** With what is not there yet as the fleet starts. */
    private Backoff patience() {
        return new Backoff(config.startTimeout());
    }

    /** Nothing here can mend it: whoever started the process sees why, and may start it again. */
    private void end(String id, Throwable failure, String cause) {
        LOG.debug("worker failed", failure);
        LOG.errorf("worker cannot run worker=%s cause=%s", id, cause);
        state = WorkerState.FAILED;
        Quarkus.asyncExit(1);
    }

    private JobQueue join(QueueKind kind, Pool pool) {
        return switch (kind) {
            case SHARE_GROUP -> new ShareConsumerPool(() -> new ShareGroupJobQueue(kafka, pool), JobLine.MOST_HELD);
            case CONSUMER_GROUP -> new ConsumerGroupJobQueue(kafka, pool, fleet.recordLock());
        };
    }

    private void ready(String id) {
        if (state == WorkerState.STARTING) {
            state = WorkerState.READY;
            LOG.infof("worker ready worker=%s", id);
        }
    }
}
