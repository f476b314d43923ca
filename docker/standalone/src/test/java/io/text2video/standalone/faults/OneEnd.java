package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every accepted job ends, and all who tell of its end tell of the same one: states, events, {@code result.json}. A good
 * request is completed, or cancelled where somebody wanted that; one that is malformed fails.
 */
final class OneEnd implements Promise {
    private static final List<String> ENDS = List.of("completed", "failed", "cancelled");

    @Override
    public void check(JobHistory job, Broken broken) {
        boolean strayed = job.acts().stream().anyMatch(act -> act.is(ClientAct.Kind.STRAY, Answer.Outcome.ACCEPTED));
        if (job.requests().isEmpty() && !job.isAccepted() && !strayed) {
            return;
        }
        List<JsonNode> ends = new ArrayList<>(job.ends());
        if (ends.isEmpty()) {
            broken.tell(Violation.Kind.NO_END, "no terminal state is on video.jobs");
            return;
        }
        job.result()
                .ifPresentOrElse(
                        result -> {
                            if (!job.isToBeDeleted() || !JobHistory.isDeleted(result)) {
                                ends.add(result);
                            }
                        },
                        () -> broken.tell(Violation.Kind.DIFFERENT_ENDS, "there is no result.json"));
        if (Set.copyOf(ends).size() > 1) {
            broken.tell(Violation.Kind.DIFFERENT_ENDS, "states and result.json differ: " + new LinkedHashSet<>(ends));
        }
        JsonNode end = ends.get(0);
        checkEvents(job, end, broken);
        Set<String> right = right(job);
        if (!right.contains(end.path("status").asText())) {
            broken.tell(Violation.Kind.WRONG_END, "the end is to be one of %s, and is %s".formatted(right, end));
        }
    }

    private static Set<String> right(JobHistory job) {
        if (job.isStray()) {
            return Set.of("failed");
        }
        return job.isUnwanted() ? Set.of("completed", "cancelled") : Set.of("completed");
    }

    private static void checkEvents(JobHistory job, JsonNode end, Broken broken) {
        String status = end.path("status").asText();
        for (String other : ENDS) {
            for (JsonNode event : job.events("video." + other)) {
                if (!other.equals(status) || !JobHistory.attempt(event).equals(JobHistory.attempt(end))) {
                    broken.tell(
                            Violation.Kind.DIFFERENT_ENDS, "the end is %s, and an event says %s".formatted(end, event));
                }
            }
        }
        if (job.events("video." + status).isEmpty()) {
            broken.tell(Violation.Kind.NO_END, "no event tells of the end " + end);
        }
    }
}
