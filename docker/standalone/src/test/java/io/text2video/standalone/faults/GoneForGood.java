package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A deleted job does not come back: its last state says no more than that, so does its {@code result.json}, and nobody
 * begins it again.
 */
final class GoneForGood implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        if (job.deletion().isEmpty()) {
            return;
        }
        List<JsonNode> states = job.states();
        JsonNode last = states.get(states.size() - 1);
        if (!last.isMissingNode() && !JobHistory.isDeleted(last)) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and its last state is " + last);
        }
        if (!job.result().map(JobHistory::isDeleted).orElse(false)) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and its result.json is " + job.result());
        }
        for (JsonNode start : job.starts()) {
            if (JobHistory.startTime(start).isAfter(job.deletion().get()) && !AttemptsInOrder.wasFrozen(job, start)) {
                broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and begun after that: " + start);
            }
        }
    }
}
