package io.text2video.standalone.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A dead letter as it is sent again: a request as a new job, since its old one has had its end; a webhook as if it had never
 * been tried.
 *
 * @param from the old job's id, or the webhook's
 * @param to the new job's id; the same for a webhook
 */
public record Replay(String from, String to, ProducerRecord<byte[], byte[]> record) {
    /** A header of the new request: the id of the job that it was. */
    public static final String REPLAY_OF = "replay-of";

    /** What is made of that letter. */
    public static Replay of(StoredDeadLetter letter, Instant now) throws NotReplayableException {
        if (letter.headers().containsKey(DeadLetter.VALUE_BYTES)) {
            throw new NotReplayableException(letter, "it was too large and is cut");
        }
        if (Pool.ofTopic(letter.topic()).isPresent()) {
            return request(letter, letter.topic(), now);
        }
        if (letter.topic().equals(Topic.WEBHOOKS.topicName())) {
            return webhook(letter, now);
        }
        String retried = letter.headers().getOrDefault("retry-topic", "");
        if (letter.topic().equals(Topic.RETRY.topicName())
                && Pool.ofTopic(retried).isPresent()) {
            return request(letter, retried, now);
        }
        throw new NotReplayableException(
                letter, "only requests and webhooks can be, and this was on \"%s\"".formatted(letter.topic()));
    }

    private static Replay request(StoredDeadLetter letter, String topic, Instant now) throws NotReplayableException {
        VideoRequest old;
        try {
            old = JsonCodec.read(letter.value(), VideoRequest.class);
        } catch (InvalidMessageException e) {
            throw new NotReplayableException(letter, "it is no valid request: " + e.getMessage());
        }
        JobId id = JobId.next();
        var request = new VideoRequest(
                old.version(),
                id,
                old.model(),
                old.prompt(),
                old.parameters(),
                old.inputReference(),
                old.webhook(),
                now,
                old.user(),
                old.metadata(),
                old.remixedFromVideoId(),
                old.tenant(),
                old.priority(),
                old.inputVideo());
        var record = new ProducerRecord<>(topic, id.toString().getBytes(UTF_8), JsonCodec.write(request));
        letter.headers().forEach((name, text) -> {
            if (isOwn(name)) {
                record.headers().add(name, text.getBytes(UTF_8));
            }
        });
        Lineage.FIRST.writeTo(record.headers());
        record.headers().add(REPLAY_OF, old.id().toString().getBytes(UTF_8));
        return new Replay(old.id().toString(), id.toString(), record);
    }

    private static Replay webhook(StoredDeadLetter letter, Instant now) throws NotReplayableException {
        try {
            WebhookDelivery old = JsonCodec.read(letter.value(), WebhookDelivery.class);
            WebhookDelivery fresh = old.afresh(now);
            String id = old.id().toString();
            return new Replay(
                    old.webhookId(),
                    old.webhookId(),
                    new ProducerRecord<>(Topic.WEBHOOKS.topicName(), id.getBytes(UTF_8), JsonCodec.write(fresh)));
        } catch (InvalidMessageException e) {
            throw new NotReplayableException(letter, "it is no valid webhook: " + e.getMessage());
        }
    }

    /** Headers that the sender gave it, and not the fleet on the way. */
    private static boolean isOwn(String name) {
        return !name.startsWith(DeadLetter.HEADERS)
                && !name.startsWith("retry-")
                && !name.equals(Lineage.FORWARDED_FROM)
                && !name.equals(REPLAY_OF);
    }
}
