package io.text2video.gateway.api.events;

import io.text2video.common.job.JobId;
import java.util.Optional;

/** What a stream is to tell. For one thread at a time. */
interface EventSource {
    /** The one job that it tells of; nothing where it tells of all. */
    Optional<JobId> job();

    /** A job that it tells of is no more as it was. */
    void changed(JobId id);

    /** Some time has passed. */
    void tick();

    /** What is to be told next, as it stands now; nothing where all is told that there is. */
    Optional<JobEvent> next();

    /** Whether nothing will ever be told again. */
    boolean isOver();
}
