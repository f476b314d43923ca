package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** An attempt waits for a store that is away: no other one begins for that. */
final class StoreWaitedFor implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        List<JsonNode> starts = job.starts().stream()
                .sorted(Comparator.comparing(JobHistory::attempt))
                .toList();
        for (int i = 1; i < starts.size(); i++) {
            if (onlyTheStoreWasHit(job, starts.get(i - 1), starts.get(i))) {
                broken.tell(
                        Violation.Kind.RENDERED_AGAIN,
                        "attempt %s began though nothing but the store had been away since attempt %s did"
                                .formatted(JobHistory.attempt(starts.get(i)), JobHistory.attempt(starts.get(i - 1))));
            }
        }
    }

    private static boolean onlyTheStoreWasHit(JobHistory job, JsonNode start, JsonNode next) {
        String worker = JobHistory.worker(start);
        Instant from = JobHistory.startTime(start);
        Instant to = JobHistory.startTime(next);
        List<InjectedFault> meanwhile = job.faults().stream()
                .filter(fault -> fault.touches(from, to, Takeovers.WAKE))
                .toList();
        return meanwhile.stream().anyMatch(fault -> fault.kind().isOfTheStore())
                && meanwhile.stream()
                        .noneMatch(fault ->
                                fault.target().equals(worker) || fault.target().startsWith("broker"));
    }
}
