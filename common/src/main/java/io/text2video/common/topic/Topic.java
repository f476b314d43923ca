package io.text2video.common.topic;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The fleet's topics, but for those of further {@link Pool}s. Every record's key is the job's id, on {@link #MODELS} the
 * model's, on {@link #KEYS} the hash and on {@link #WEBHOOK_LOG} the delivery's; the public ones are an interface to other services.
 */
public enum Topic {
    /**
     * Public: {@code VideoRequest} for the default {@link Pool}. Workers take them as a group, gateways read them
     * into their state view. With share groups it has one partition, and all workers of the pool share it: of several
     * partitions each would belong to some of the workers, and a job would wait behind a busy one while others are idle.
     */
    REQUESTS("video.requests", Duration.ofDays(7)),
    /**
     * {@code VideoRequest} that a gateway has accepted and that wait for their turn: one gateway puts them on their pools'
     * topics, in an order that is fair to all tenants. Only gateways write there.
     */
    BACKLOG("video.backlog", Duration.ofDays(7)),
    /** {@code JobSnapshot}, compacted: the state. */
    JOBS("video.jobs", null),
    /** Public: {@code ModelCard}, compacted: the models that the fleet knows. A tombstone forgets one. */
    MODELS("video.models", null),
    /** {@code ApiKey}, compacted: who may use the HTTP API. A tombstone revokes one. */
    KEYS("video.keys", null),
    /** Public: {@code VideoEvent} as CloudEvents. */
    EVENTS("video.events", Duration.ofDays(3)),
    /** Public: {@code ControlMessage}. */
    CONTROL("video.control", Duration.ofDays(1)),
    /** Requests that are to run again later: each stays where it is until it is due. */
    RETRY("video.retry", Duration.ofDays(7)),
    /** {@code WebhookDelivery}: one for each try, which stays where it is until it is due. */
    WEBHOOKS("video.webhooks", Duration.ofDays(7)),
    /** {@code WebhookLog}, compacted: how each delivery stands. Keys are {@code webhook-id}s. */
    WEBHOOK_LOG("video.webhook-log", null),
    /** What could not be read or done, as it came, with the reason in its headers. For operators. */
    DEAD_LETTERS("video.dead-letters", Duration.ofDays(30));

    /** What one record may have where nobody has said otherwise, in bytes: Kafka's default. */
    private static final int USUAL_MESSAGE_BYTES = 1_048_588;

    /** The longest that the fleet itself lets a record wait is ten hours. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final String topicName;
    private final Duration retention;

    Topic(String topicName, Duration retention) {
        this.topicName = topicName;
        this.retention = retention;
    }

    public String topicName() {
        return topicName;
    }

    /** The one that a topic of that name is, {@link #REQUESTS} for any pool's; nothing when it is none of the fleet's. */
    public static Optional<Topic> of(String topicName) {
        return Pool.ofTopic(topicName).isPresent()
                ? Optional.of(REQUESTS)
                : Arrays.stream(values())
                        .filter(topic -> topic.topicName.equals(topicName))
                        .findFirst();
    }

    /** Whether each key's last record is kept for ever, rather than every record for a time. */
    public boolean isCompacted() {
        return retention == null;
    }

    /** How long records are kept; null where the topic is compacted. */
    public Duration retention() {
        return retention;
    }

    /** With less, records would go that the fleet has yet to read. */
    public Duration leastRetention() {
        return switch (this) {
            // The fleet looks at these as they come, if at all: whoever else reads them knows by when.
            case EVENTS, DEAD_LETTERS -> Duration.ZERO;
            default -> LONGEST_WAIT;
        };
    }

    /** How large a record is to be taken, in bytes. */
    public int maxMessageBytes() {
        return this == DEAD_LETTERS ? DeadLetter.MAX_BATCH_BYTES : USUAL_MESSAGE_BYTES;
    }

    /** With less, records are lost, in bytes. */
    public int leastMessageBytes() {
        return this == DEAD_LETTERS ? DeadLetter.FEWEST_BATCH_BYTES : 0;
    }

    /** How many partitions it has where the fleet's topics have {@code usual}. */
    public int partitions(int usual, QueueKind queue) {
        return switch (this) {
            case MODELS, KEYS, BACKLOG -> 1;
            case REQUESTS -> queue == QueueKind.SHARE_GROUP ? 1 : usual;
            default -> usual;
        };
    }

    /** The topic's configuration: kept for a time, or compacted. */
    public Map<String, String> configuration() {
        if (retention == null) {
            return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        Map<String, String> configuration = new HashMap<>();
        configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configuration.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        if (this == DEAD_LETTERS) {
            configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes()));
        }
        return configuration;
    }
}
