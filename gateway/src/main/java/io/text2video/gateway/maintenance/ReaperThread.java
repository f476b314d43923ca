package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.MeterRegistry;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.gateway.jobs.JobView;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** A reaper that looks at intervals, on a thread of its own, with its own clients of the broker. */
final class ReaperThread implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    private final Admin admin;
    private final SentRequests sent;
    private final Publisher publisher;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "reaper"));

    private ReaperThread(Map<String, Object> kafka) {
        admin = Admin.create(kafka);
        sent = new SentRequests(kafka);
        publisher = new Publisher(kafka);
    }

    /** The view, the leadership and the folders stay their caller's. */
    static ReaperThread start(
            Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            JobFolders folders,
            MeterRegistry meters,
            Duration stale,
            Duration interval) {
        var running = new ReaperThread(kafka);
        var reaper = new Reaper(
                view,
                leadership,
                new QueueStates(running.admin),
                folders,
                running.sent,
                running.publisher,
                meters,
                stale);
        running.begin(reaper, interval);
        return running;
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void begin(Reaper reaper, Duration interval) {
        thread.scheduleWithFixedDelay(reaper::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sent.close();
        publisher.close();
        admin.close(Duration.ZERO);
    }
}
