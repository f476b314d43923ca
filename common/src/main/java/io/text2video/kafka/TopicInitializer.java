package io.text2video.kafka;

import static io.text2video.kafka.KafkaFutures.await;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.QueueKind;
import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Makes the topics and, where the broker has share groups (KIP-932), configures the workers'. Every gateway and worker
 * runs it at its start, before anything is sent: a share group's default, {@code latest}, would lose what was asked for
 * before the first worker came. Topics that exist keep their configuration, and are looked at: what loses records is refused,
 * what may is told in the log.
 */
public final class TopicInitializer {
    private static final Logger LOG = Logger.getLogger(TopicInitializer.class);

    private TopicInitializer() {}

    /** As below, for the default pool and the queue that the broker has. */
    public static QueueKind initialize(Map<String, Object> kafka, int partitions, Duration recordLock) {
        return initialize(kafka, partitions, recordLock, Pool.DEFAULT);
    }

    /** As below, for the queue that the broker has. */
    public static QueueKind initialize(Map<String, Object> kafka, int partitions, Duration recordLock, Pool pool) {
        return initialize(kafka, partitions, recordLock, QueueChoice.AUTO, pool);
    }

    /**
     * Prepares what every program of the fleet needs, and what {@code pool} does.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @param partitions as {@link FleetConfig#partitions}
     * @param recordLock how long a worker may hold a job without renewing
     * @param choice as {@link FleetConfig#queue}
     * @return how workers take their jobs
     * @throws UnsupportedQueueException when the broker does not have what {@code choice} asks for
     * @throws MisconfiguredKafkaException when records would be lost, or the broker refuses {@code recordLock}
     * @throws IllegalStateException when it refuses or does not answer
     */
    public static QueueKind initialize(
            Map<String, Object> kafka, int partitions, Duration recordLock, QueueChoice choice, Pool pool) {
        Set<Pool> pools = new LinkedHashSet<>(List.of(Pool.DEFAULT));
        pools.add(pool);
        try (Admin admin = Admin.create(kafka)) {
            try {
                QueueKind queue = choice.settle(admin);
                Set<String> topics = createTopics(admin, partitions, queue, pools);
                verify(admin, TopicVerifier.servers(kafka), partitions, recordLock, queue, topics);
                switch (queue) {
                    case SHARE_GROUP -> configureGroups(admin, recordLock, pools);
                    case CONSUMER_GROUP ->
                        LOG.infof(
                                "jobs by consumer group, a worker a partition choice=%s partitions=%d",
                                choice, partitions);
                }
                return queue;
            } catch (KafkaException e) {
                throw new IllegalStateException(
                        "cannot prepare the topics at %s: %s".formatted(TopicVerifier.servers(kafka), e.getMessage()),
                        e);
            }
        }
    }

    /**
     * Makes a topic of the fleet's that has its own number of partitions, unless it is there.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @throws KafkaException when the broker refuses or does not answer
     */
    public static void create(Map<String, Object> kafka, Topic topic) {
        try (Admin admin = Admin.create(kafka)) {
            create(admin, List.of(topic(topic.topicName(), topic, 1, QueueKind.SHARE_GROUP)));
        }
    }

    private static void verify(
            Admin admin, String servers, int partitions, Duration recordLock, QueueKind queue, Set<String> topics) {
        List<Misconfiguration> found;
        try {
            found = TopicVerifier.verify(admin, servers, partitions, recordLock, queue, topics)
                    .misconfigurations();
        } catch (AuthorizationException e) {
            LOG.warnf("kafka not verified, DescribeConfigs is not allowed cause=%s", e.getMessage());
            return;
        }
        found.stream().filter(each -> !each.fatal()).forEach(each -> LOG.warnf("kafka misconfigured: %s", each));
        List<Misconfiguration> fatal =
                found.stream().filter(Misconfiguration::fatal).toList();
        if (!fatal.isEmpty()) {
            throw new MisconfiguredKafkaException(fatal);
        }
    }

    /** @return the names of all that there must be now */
    private static Set<String> createTopics(Admin admin, int partitions, QueueKind queue, Set<Pool> pools) {
        var everybodys = Arrays.stream(Topic.values())
                .filter(topic -> topic != Topic.REQUESTS)
                .map(topic -> topic(topic.topicName(), topic, partitions, queue));
        var ofPools = pools.stream().map(pool -> topic(pool.topic(), Topic.REQUESTS, partitions, queue));
        return create(admin, Stream.concat(everybodys, ofPools).toList());
    }

    private static Set<String> create(Admin admin, List<NewTopic> topics) {
        var created = admin.createTopics(topics);
        for (var topic : created.values().entrySet()) {
            try {
                await(topic.getValue());
                LOG.infof("topic created topic=%s", topic.getKey());
            } catch (TopicExistsException e) {
                LOG.debugf("topic is there topic=%s", topic.getKey());
            }
        }
        return created.values().keySet();
    }

    private static NewTopic topic(String name, Topic kind, int partitions, QueueKind queue) {
        return new NewTopic(name, Optional.of(kind.partitions(partitions, queue)), Optional.<Short>empty())
                .configs(kind.configuration());
    }

    private static void configureGroups(Admin admin, Duration recordLock, Set<Pool> pools) {
        await(admin.incrementalAlterConfigs(pools.stream()
                        .collect(Collectors.toMap(TopicInitializer::group, any -> configuration(recordLock))))
                .all());
    }

    private static ConfigResource group(Pool pool) {
        return new ConfigResource(ConfigResource.Type.GROUP, pool.group());
    }

    private static Collection<AlterConfigOp> configuration(Duration recordLock) {
        return List.of(
                set("share.auto.offset.reset", "earliest"),
                set("share.record.lock.duration.ms", Long.toString(recordLock.toMillis())));
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }
}
