package io.text2video.common.topic;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Makes the topics and, where the broker has share groups (KIP-932), configures the workers'. Every gateway and worker
 * runs it at its start, before anything is sent: a share group's default, {@code latest}, would lose what was asked for
 * before the first worker came. Topics that exist keep their configuration.
 */
public final class TopicInitializer {
    /** The share group of the default pool's workers. */
    public static final String WORKERS_GROUP = "video-workers";

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
     * @throws IllegalStateException when it refuses or does not answer
     */
    public static QueueKind initialize(
            Map<String, Object> kafka, int partitions, Duration recordLock, QueueChoice choice, Pool pool) {
        Set<Pool> pools = new LinkedHashSet<>(List.of(Pool.DEFAULT));
        pools.add(pool);
        try (Admin admin = Admin.create(kafka)) {
            QueueKind queue = choice.settle(admin);
            createTopics(admin, partitions, queue, pools);
            switch (queue) {
                case SHARE_GROUP -> configureGroups(admin, recordLock, pools);
                case CONSUMER_GROUP ->
                    LOG.infof(
                            "jobs by consumer group, a worker a partition choice=%s partitions=%d", choice, partitions);
            }
            return queue;
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot prepare the topics at %s: %s"
                            .formatted(
                                    kafka.get("bootstrap.servers"), e.getCause().getMessage()),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while preparing the topics", e);
        }
    }

    private static void createTopics(Admin admin, int partitions, QueueKind queue, Set<Pool> pools)
            throws ExecutionException, InterruptedException {
        var everybodys = Arrays.stream(Topic.values())
                .filter(topic -> topic != Topic.REQUESTS)
                .map(topic -> topic(topic.topicName(), topic, partitions, queue));
        var ofPools = pools.stream().map(pool -> topic(pool.topic(), Topic.REQUESTS, partitions, queue));
        var created = admin.createTopics(Stream.concat(everybodys, ofPools).toList());
        for (var topic : created.values().entrySet()) {
            try {
                topic.getValue().get();
                LOG.infof("topic created topic=%s", topic.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static NewTopic topic(String name, Topic kind, int partitions, QueueKind queue) {
        return new NewTopic(name, Optional.of(kind.partitions(partitions, queue)), Optional.<Short>empty())
                .configs(kind.configuration());
    }

    private static void configureGroups(Admin admin, Duration recordLock, Set<Pool> pools)
            throws ExecutionException, InterruptedException {
        admin.incrementalAlterConfigs(pools.stream()
                        .collect(Collectors.toMap(TopicInitializer::group, any -> configuration(recordLock))))
                .all()
                .get();
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
