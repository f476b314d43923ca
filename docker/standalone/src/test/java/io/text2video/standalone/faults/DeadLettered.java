package io.text2video.standalone.faults;

import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import java.util.Set;
import java.util.stream.Collectors;

/** Each malformed record is on the dead letters, and no other one of a job. */
final class DeadLettered implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        Set<String> letters =
                job.on(Topic.DEAD_LETTERS.topicName()).map(DeadLettered::origin).collect(Collectors.toSet());
        Set<String> malformed = job.messages().stream()
                .filter(message -> job.acts().stream()
                        .anyMatch(act -> act.kind().isMalformed() && act.text().equals(message.place())))
                .map(Message::place)
                .collect(Collectors.toSet());
        for (String place : malformed) {
            if (!letters.contains(place)) {
                broken.tell(Violation.Kind.NOT_DEAD_LETTERED, "there is no dead letter of " + place);
            }
        }
        for (String letter : letters) {
            if (job.messages().stream()
                    .anyMatch(message -> message.place().equals(letter) && JobHistory.isRequest(message))) {
                broken.tell(Violation.Kind.WRONG_DEAD_LETTER, "there is a dead letter of a good request: " + letter);
            }
        }
    }

    private static String origin(Message letter) {
        return "%s-%s@%s"
                .formatted(
                        letter.headers().get(DeadLetter.TOPIC),
                        letter.headers().get(DeadLetter.PARTITION),
                        letter.headers().get(DeadLetter.OFFSET));
    }
}
