package io.text2video.common.topic;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Like workers: they serve the same models, take their jobs from one topic and are one share group. So any of them does
 * whichever job is next, and how far the group lags behind is how much work waits for them.
 *
 * @param name in DNS's form, as Kubernetes has it: lower-case letters, digits and inner hyphens, at most 63
 */
public record Pool(String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final String WORKERS_GROUP = "video-workers";
    private static final String TOPICS = Topic.REQUESTS.topicName() + ".";

    /** Takes its jobs from {@code video.requests}, its share group is {@code video-workers}. */
    public static final Pool DEFAULT = new Pool("default");

    /** @throws IllegalArgumentException when the name is none */
    public Pool {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a pool's name must be 1 to 63 lower-case letters, digits and inner hyphens, not \"" + name + "\"");
        }
    }

    /** The pool whose jobs are on that topic; nothing when it is no pool's. */
    public static Optional<Pool> ofTopic(String topic) {
        if (topic.equals(Topic.REQUESTS.topicName())) {
            return Optional.of(DEFAULT);
        }
        if (!topic.startsWith(TOPICS)) {
            return Optional.empty();
        }
        String name = topic.substring(TOPICS.length());
        return NAME.matcher(name).matches() && !name.equals(DEFAULT.name)
                ? Optional.of(new Pool(name))
                : Optional.empty();
    }

    /** Where its jobs are: {@code video.requests.NAME}. */
    public String topic() {
        return equals(DEFAULT) ? Topic.REQUESTS.topicName() : TOPICS + name;
    }

    /** The share group of its workers: {@code video-workers.NAME}. */
    public String group() {
        return equals(DEFAULT) ? WORKERS_GROUP : WORKERS_GROUP + "." + name;
    }

    /** The group of its workers where they are a {@link QueueKind#CONSUMER_GROUP}: no id can be that of both kinds. */
    public String consumerGroup() {
        return group() + ".consumer";
    }
}
