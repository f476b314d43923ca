package io.text2video.standalone.faults;

import java.time.Instant;
import java.util.Optional;

/**
 * What gateways answer is what is: a cancel tells of the job's one end, whoever looks at the job in the end is shown that
 * end, and whoever asks for a deleted one is told that there is none.
 */
final class ToldToClients implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        Optional<Instant> deletion = job.deletion();
        for (ClientAct act : job.acts()) {
            if (isAsked(act)) {
                if (deletion.isPresent() && act.sent().isAfter(deletion.get())) {
                    checkGone(act, broken);
                } else {
                    check(job, act, broken);
                }
            }
        }
    }

    private static boolean isAsked(ClientAct act) {
        return act.kind() == ClientAct.Kind.CANCEL
                || act.kind() == ClientAct.Kind.DELETE
                || act.kind() == ClientAct.Kind.LOOK;
    }

    private static void checkGone(ClientAct act, Broken broken) {
        if (act.outcome() == Answer.Outcome.ACCEPTED) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and there is again: " + act);
        }
    }

    private static void check(JobHistory job, ClientAct act, Broken broken) {
        if (act.outcome() == Answer.Outcome.NOT_FOUND && !wasDeletedBy(job, act.answered())) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "nobody has deleted it, and it is not known: " + act);
        }
        if (act.outcome() == Answer.Outcome.ACCEPTED
                && act.kind() != ClientAct.Kind.DELETE
                && job.ends().stream()
                        .noneMatch(end -> end.path("status").asText().equals(act.text()))) {
            broken.tell(Violation.Kind.WRONG_ANSWER, "the end is %s, and there was %s".formatted(job.ends(), act));
        }
    }

    /** A first DELETE cancels, or removes what has ended; its own 404 is not for it. */
    private static boolean wasDeletedBy(JobHistory job, Instant time) {
        return job.acts().stream()
                .anyMatch(act -> act.kind() == ClientAct.Kind.DELETE
                        && act.outcome() != Answer.Outcome.NOT_FOUND
                        && act.sent().isBefore(time));
    }
}
