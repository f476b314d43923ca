package io.text2video.gateway.jobs;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Which topics the view reads: the fleet's own, those that cards name, and those of pools that the broker had at the
 * start, since jobs may be left on one whose models are forgotten. For the reader's thread.
 */
final class Topics {
    private static final Set<String> OWN = Set.of(
            Topic.REQUESTS.topicName(),
            Topic.BACKLOG.topicName(),
            Topic.JOBS.topicName(),
            Topic.MODELS.topicName(),
            Topic.EVENTS.topicName(),
            Topic.RETRY.topicName(),
            Topic.WEBHOOK_LOG.topicName());

    private final Consumer<byte[], byte[]> consumer;
    private final ModelCatalog models;
    private final Set<String> names = new HashSet<>(OWN);

    Topics(Consumer<byte[], byte[]> consumer, ModelCatalog models) {
        this.consumer = consumer;
        this.models = models;
    }

    /** Whether what is on the topic is state, and read from the beginning; events are told once and then over. */
    static boolean holdState(TopicPartition partition) {
        return !partition.topic().equals(Topic.EVENTS.topicName());
    }

    /** Adds every pool's topic that there is. */
    void addThoseThere() {
        consumer.listTopics().keySet().stream()
                .filter(topic -> Pool.ofTopic(topic).isPresent())
                .forEach(names::add);
    }

    /** @return whether a card named one that was not known */
    boolean addThoseNamed() {
        return names.addAll(models.topics());
    }

    Set<String> names() {
        return names;
    }

    /**
     * The partitions to read. A pool's topic may be gone; that one of the fleet's own seems to be can only be a broker's
     * bad moment.
     */
    Set<TopicPartition> partitions(Set<TopicPartition> before) {
        Set<TopicPartition> found = before.stream()
                .filter(partition -> OWN.contains(partition.topic()))
                .collect(Collectors.toCollection(HashSet::new));
        for (String name : names) {
            consumer.partitionsFor(name).forEach(info -> found.add(new TopicPartition(info.topic(), info.partition())));
        }
        return found;
    }
}
