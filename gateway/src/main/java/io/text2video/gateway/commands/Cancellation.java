package io.text2video.gateway.commands;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Ends jobs that nobody wants any more. The end is committed in the job's folder, then published, and then the workers are
 * told: one that stops a cancelled job finds its end. What fails on the way may be asked for again; and if nobody does, the
 * worker that has the job's request, or gets it, finds the end and publishes it.
 */
@ApplicationScoped
@Startup // so that its counter is there before the first
public class Cancellation {
    private static final Logger LOG = Logger.getLogger(Cancellation.class);

    private final StoredEnds ends;
    private final EndPublisher publisher;
    private final Counter cancelled;

    Cancellation(StoredEnds ends, EndPublisher publisher, MeterRegistry meters) {
        this.ends = ends;
        this.publisher = publisher;
        cancelled = Counter.builder("text2video.jobs.cancelled")
                .description("Jobs that this gateway has cancelled")
                .register(meters);
    }

    /**
     * Cancels a job, and has the worker stopped that may run it. Fails with {@link
     * io.text2video.gateway.storage.StoreUnavailableException} or {@link BrokerUnavailableException}.
     *
     * @param job not ended, as far as is known
     * @return the job's one end, which is another when it had ended before
     */
    public Uni<JobSnapshot> cancel(JobSnapshot job) {
        return end(job, true);
    }

    /** The same for one whose worker was told. */
    Uni<JobSnapshot> endCancelled(JobSnapshot job) {
        return end(job, false);
    }

    private Uni<JobSnapshot> end(JobSnapshot job, boolean tellWorkers) {
        JobSnapshot wanted = job.cancelled(Instant.now());
        return ends.commit(wanted)
                .call(end -> publisher.publishEnd(end, tellWorkers ? List.of(stop(end)) : List.of()))
                .invoke(end -> log(end, end.equals(wanted)));
    }

    /** To a worker that still runs a job which has ended, in whichever way. */
    private static ProducerRecord<byte[], byte[]> stop(JobSnapshot end) {
        return JobRecords.cancel(end.id(), Instant.now());
    }

    private void log(JobSnapshot end, boolean byThis) {
        if (byThis) {
            cancelled.increment();
            LOG.infof("job cancelled job=%s attempt=%s", end.id(), end.attemptId());
        } else {
            LOG.infof(
                    "job had ended before job=%s status=%s",
                    end.id(), end.status().wireName());
        }
    }
}
