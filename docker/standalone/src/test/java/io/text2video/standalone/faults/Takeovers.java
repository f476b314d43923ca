package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long the jobs of killed workers waited for another. */
final class Takeovers {
    /** After another fault is over, the fleet needs a moment to be itself again. */
    static final Duration WAKE = Duration.ofSeconds(3);

    private final History history;

    /**
     * One.
     *
     * @param time from the kill to the next attempt's start
     * @param undisturbed whether nothing but kills of workers and gateways happened meanwhile
     */
    record Takeover(String job, String worker, Duration time, boolean undisturbed) {}

    Takeovers(History history) {
        this.history = history;
    }

    /** Of each kill -9 of a worker in the middle of a job, whose job another attempt went on with. */
    List<Takeover> all() {
        List<Takeover> takeovers = new ArrayList<>();
        for (JobHistory job : history.jobs().values()) {
            List<JsonNode> starts = job.startsByTime();
            for (int i = 0; i + 1 < starts.size(); i++) {
                takeover(job, starts.get(i), starts.get(i + 1)).ifPresent(takeovers::add);
            }
        }
        return takeovers;
    }

    private Optional<Takeover> takeover(JobHistory job, JsonNode start, JsonNode next) {
        String worker = JobHistory.worker(start);
        Instant began = JobHistory.startTime(start);
        Instant went = JobHistory.startTime(next);
        return history.faults().stream()
                .filter(fault ->
                        fault.kind() == FaultKind.KILL_WORKER && fault.target().equals(worker))
                .map(InjectedFault::begin)
                .filter(kill -> kill.isAfter(began) && kill.isBefore(went))
                .findFirst()
                .map(kill -> new Takeover(job.id(), worker, Duration.between(kill, went), isUndisturbed(kill, went)));
    }

    private boolean isUndisturbed(Instant from, Instant to) {
        return history.faults().stream()
                .filter(fault -> fault.kind() != FaultKind.KILL_WORKER && fault.kind() != FaultKind.KILL_GATEWAY)
                .noneMatch(fault -> fault.touches(from, to, WAKE));
    }
}
