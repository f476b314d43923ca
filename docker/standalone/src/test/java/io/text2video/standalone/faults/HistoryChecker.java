package io.text2video.standalone.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says what in a history was not as promised. */
final class HistoryChecker {
    private HistoryChecker() {}

    /** Every violation, in the order of the jobs' ids; none when all promises were kept. */
    static List<Violation> check(History history) {
        List<Promise> promises = List.of(
                new AskedFor(),
                new OneEnd(),
                new OneVideo(history.undisturbed()),
                new ToldToClients(),
                new AttemptsInOrder(),
                new DeadLettered(),
                new StoreWaitedFor(),
                new WebhooksCalled());
        List<Violation> violations = new ArrayList<>();
        Map<Integer, String> jobOf = new HashMap<>();
        for (JobHistory job : history.jobs().values()) {
            Promise.Broken broken = (kind, text) -> violations.add(new Violation(kind, job.id(), text, job.told()));
            promises.forEach(promise -> promise.check(job, broken));
            if (job.submission() != null) {
                String other = jobOf.putIfAbsent(job.submission().number(), job.id());
                if (other != null) {
                    broken.tell(Violation.Kind.SUBMITTED_TWICE, "its submission made " + other + " too");
                }
            }
        }
        return violations;
    }
}
