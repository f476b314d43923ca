package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What clients were told is so. A cancel tells of the job's one end, and whoever looks at the job when all is over is shown
 * that end. A job that is deleted does not come back: no gateway knows it, its last state and its {@code result.json} say no
 * more than that, and nobody begins it again.
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
        deletion.ifPresent(time -> checkGone(job, time, broken));
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

    private static void checkGone(JobHistory job, Instant deletion, Broken broken) {
        List<JsonNode> states = job.states();
        JsonNode last = states.isEmpty() ? MissingNode.getInstance() : states.get(states.size() - 1);
        if (!last.isMissingNode() && !JobHistory.isDeleted(last)) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and its last state is " + last);
        }
        if (!job.result().map(JobHistory::isDeleted).orElse(false)) {
            broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and its result.json is " + job.result());
        }
        for (JsonNode start : job.starts()) {
            if (JobHistory.startTime(start).isAfter(deletion) && !AttemptsInOrder.wasFrozen(job, start)) {
                broken.tell(Violation.Kind.CAME_OR_WENT, "it was deleted, and begun after that: " + start);
            }
        }
    }

    private static void check(JobHistory job, ClientAct act, Broken broken) {
        if (act.outcome() == Answer.Outcome.WRONG) {
            broken.tell(Violation.Kind.WRONG_ANSWER, "that is no answer: " + act);
        }
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
