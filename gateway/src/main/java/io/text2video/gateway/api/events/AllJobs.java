package io.text2video.gateway.api.events;

import io.text2video.common.job.JobId;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.jobs.JobView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells of all jobs: of each that is open, and from then on of each that has changed. An event's id is a time up to which all is
 * told, so that one who comes again is told what has ended since.
 */
final class AllJobs implements EventSource {
    /** Ids that are kept. Where more jobs have changed than a client has taken, it is told how all stand. */
    private static final int MOST = 10_000;

    /** How late a gateway may hear of an end, by whatever clock that is dated. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private final JobView view;
    private final Caller caller;
    private final Clock clock = Clock.systemUTC();
    private final Set<JobId> changed = new LinkedHashSet<>();
    private Instant toldUntil;
    /** Begun when it is told of changes already: none falls between. */
    private Supplier<Iterator<JobId>> toBegin;

    private Iterator<JobId> standing = Collections.emptyIterator();

    /**
     * @param caller who is told of no other tenant's jobs
     * @param seen the id of the last event that the client has seen; null, or anything else, where it has seen none
     */
    AllJobs(JobView view, Caller caller, String seen) {
        this.view = view;
        this.caller = caller;
        boolean comesAgain = seen != null && seen.matches("\\d{1,15}");
        toldUntil = comesAgain ? Instant.ofEpochMilli(Long.parseLong(seen)) : clock.instant();
        toBegin = comesAgain ? this::openOrEnded : view::open;
    }

    @Override
    public Optional<JobId> job() {
        return Optional.empty();
    }

    @Override
    public void changed(JobId id) {
        if (!isSeen(id)) {
            return;
        }
        if (changed.size() == MOST && !changed.contains(id)) {
            changed.clear();
            toBegin = this::openOrEnded;
        } else {
            changed.add(id);
        }
    }

    @Override
    public void tick() {
        // Of a place in the queue it tells with the job's own changes.
    }

    @Override
    public Optional<JobEvent> next() {
        Optional<JobEvent> event = nextChange().or(this::nextStanding);
        if (event.isEmpty()) {
            toldUntil = clock.instant();
        }
        return event.map(told -> told.withId(Long.toString(toldUntil.toEpochMilli())));
    }

    private Optional<JobEvent> nextChange() {
        Iterator<JobId> ids = changed.iterator();
        if (!ids.hasNext()) {
            return Optional.empty();
        }
        JobId id = ids.next();
        ids.remove();
        return Optional.of(view.known(id).map(job -> JobEvent.of(job, view)).orElseGet(() -> JobEvent.deleted(id)));
    }

    private Optional<JobEvent> nextStanding() {
        if (toBegin != null) {
            standing = toBegin.get();
            toBegin = null;
        }
        while (standing.hasNext()) {
            Optional<JobEvent> event = Optional.of(standing.next())
                    .filter(this::isSeen)
                    .flatMap(view::known)
                    .map(job -> JobEvent.of(job, view));
            if (event.isPresent()) {
                return event;
            }
        }
        return Optional.empty();
    }

    /** A job that is deleted still has its tenant, until it is forgotten. */
    private boolean isSeen(JobId id) {
        return caller.seesAll() || view.owner(id).filter(caller::sees).isPresent();
    }

    private Iterator<JobId> openOrEnded() {
        return view.openOrEndedSince(toldUntil.minus(LATE));
    }

    @Override
    public boolean isOver() {
        return false;
    }
}
