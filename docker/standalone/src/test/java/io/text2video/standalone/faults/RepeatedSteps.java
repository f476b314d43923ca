package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.job.AttemptId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * How many steps later attempts did again. An attempt's reports are at most two a second, so this is what was seen: the
 * last step that an attempt told of, against the first that the next one did.
 */
final class RepeatedSteps {
    private RepeatedSteps() {}

    /** Of each later attempt that told of any step. */
    static List<Integer> of(JobHistory job) {
        var steps = new TreeMap<AttemptId, List<Integer>>();
        for (JsonNode event : job.events("video.progress")) {
            int step = event.path("step").asInt();
            if (step > 0) {
                steps.computeIfAbsent(JobHistory.attempt(event), attempt -> new ArrayList<>())
                        .add(step);
            }
        }
        List<Integer> repeated = new ArrayList<>();
        int reached = 0;
        for (List<Integer> attempt : steps.values()) {
            if (reached > 0) {
                int first = attempt.stream().min(Comparator.naturalOrder()).orElseThrow();
                repeated.add(Math.max(0, reached - first + 1));
            }
            reached = Math.max(
                    reached, attempt.stream().max(Comparator.naturalOrder()).orElseThrow());
        }
        return repeated;
    }
}
